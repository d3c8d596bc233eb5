#!/usr/bin/env bash
# Names, and where allowed installs, the Debian packages that are missing. `run`: what the window and the environment
# need; `test`: what the tests need besides (a real keyring, a compiler for the fsync shim, openssl as time stamp authority,
# CUPS with an IPP printer and the name service that this asks for, a browser for the public pages).
# Installs without asking when root and YES=1, CI=true or no terminal; else asks; else prints one line.
set -u
command -v dpkg-query >/dev/null 2>&1 || exit 0
purpose=${1:-run}
python=${PYTHON:-python3}
wanted="libegl1 libgl1 libxrandr2 libxcb-randr0 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 libnss3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libcups2 libxkbcommon-x11-0 libpulse0 libatomic1 libwayland-cursor0 libwayland-egl1"
[ "$purpose" = test ] && wanted="gnome-keyring dbus gcc libc6-dev openssl cups-daemon cups-client cups-ipp-utils cups-filters-core-drivers avahi-daemon chromium-headless-shell"

# From Debian 13 on some libraries end in t64, for the wider time; apt knows them by the old name, dpkg does not.
there() { dpkg-query -W -f='${Status}\n' "$1" "$1t64" 2>/dev/null | grep -q "install ok installed"; }

missing=""
for package in $wanted; do
    there "$package" || missing="$missing $package"
done
venv_works() { "$python" -c "import ensurepip, venv" 2>/dev/null; }
[ "$purpose" = test ] || venv_works || missing="$missing python3-venv"
[ -z "$missing" ] && exit 0

# Another apt may be at work on a fresh machine: its locks are waited for, at most five minutes.
line="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends$missing"
refresh() {
    for _ in $(seq 60); do
        said=$(LC_ALL=C apt-get update -qq 2>&1) && return 0
        case "$said" in *"Could not get lock"* | *"Unable to lock"*) sleep 5 ;; *) break ;; esac
    done
    echo "$said" >&2  # an old list may still do
}
install() { refresh; DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null; }

if [ "$(id -u)" = 0 ] && { [ "${YES:-}" = 1 ] || [ "${CI:-}" = true ] || [ ! -t 0 ]; }; then
    echo "Installing:$missing"
    install || { echo "Please install by hand: $line" >&2; exit 1; }
elif [ "$(id -u)" = 0 ]; then
    read -r -p "Install$missing? [y/N] " answer
    if [ "$answer" = y ]; then install || { echo "Please install by hand: $line" >&2; exit 1; }; fi
else
    echo "These packages are missing; install them with: sudo $line"
fi
if [ "$purpose" = run ] && ! venv_works; then
    echo "Without python3-venv there is no environment to install into." >&2
    exit 1
fi
exit 0
