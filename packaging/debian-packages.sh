#!/usr/bin/env bash
# Names, and where allowed installs, the Debian packages that the window and the tests need.
# Installs without asking when root and YES=1, CI=true or no terminal; else asks; else prints one line and goes on.
set -u
command -v dpkg-query >/dev/null 2>&1 || exit 0
wanted="libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 libnss3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libcups2 libxkbcommon-x11-0 gnome-keyring dbus gcc libc6-dev"
missing=""
for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
line="apt-get install -y --no-install-recommends$missing"
install() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $line -qq; }
if [ "$(id -u)" = 0 ] && { [ "${YES:-}" = 1 ] || [ "${CI:-}" = true ] || [ ! -t 0 ]; }; then
    echo "Installing:$missing"
    install >/dev/null || { echo "Please install by hand: $line" >&2; exit 1; }
elif [ "$(id -u)" = 0 ]; then
    read -r -p "Install$missing? [y/N] " answer
    [ "$answer" = y ] && install
else
    echo "These packages are missing; install them with: sudo $line"
fi
exit 0
