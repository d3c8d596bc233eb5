"""Doors for people and their laptops: signing in, accounts, enrolling, revoking."""

import base64
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Path
from pydantic import BaseModel, Field

from inspector_app.domain.access import Role
from inspector_app.domain.event import BUREAU_DEVICE
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.sync.enrolment import enrolment
from inspector_app.sync.people import ACCOUNT_ID, PERSON_NAME, Account

from . import keeping, shapes
from .accounts import HASHES, Person
from .door import Allowed, DoorMaker, bearer
from .office import Office

if TYPE_CHECKING:
    from .oidc import Provider


class SignIn(BaseModel):
    """What a person types to sign in at the bureau."""

    account: str = Field(max_length=100, examples=["p-09120017"])
    password: str = Field(max_length=1000, examples=["示例-very-long-password"])
    code: str = Field(
        "", max_length=10, description="TOTP, six digits; empty where none is asked for", examples=["492039"]
    )
    device: str = Field(pattern=r"^[A-Z]{2}-[0-9A-F]{4,16}$", description="name of the laptop; of another system any such name",
                        examples=["QH-07A1"])  # fmt: skip
    own: str = Field("", max_length=1000, description="the password that takes the place of one that an admin gave")


class UnitSignIn(BaseModel):
    """What a laptop brings from the browser (RFC 7636, RFC 8252)."""

    code: str = Field(min_length=1, max_length=4000)
    verifier: str = Field(pattern=r"^[A-Za-z0-9._~-]{43,128}$")
    nonce: str = Field(min_length=22, max_length=128)
    redirect: str = Field(pattern=r"^http://127\.0\.0\.1:[0-9]{1,5}/$", description="where the laptop listened")
    device: str = Field(pattern=r"^[A-Z]{2}-[0-9A-F]{4,16}$", description="name of the laptop")


class NewAccount(BaseModel):
    """Whom an admin lets in."""

    id: str = Field(pattern=ACCOUNT_ID, examples=["p-09120017"])
    name: str = Field(pattern=PERSON_NAME, examples=["示例沈岚"])
    role: Role
    totp: bool = Field(False, description="whether a second factor is asked for")


class NewRole(BaseModel):
    role: Role


class InUse(BaseModel):
    active: bool


class SecondFactor(BaseModel):
    wanted: bool


class Enrol(BaseModel):
    """A laptop's public key; the secret one never leaves it."""

    key: str = Field(max_length=200, description="verifier key of C2SP signed-note")
    proof: str = Field(max_length=200, description="base64 signature over `inspector/enrol/v1` and the account's id")


def session_doors(office: Office, door: DoorMaker, allowed: Allowed) -> None:
    def opened(token: str) -> dict[str, str]:
        person = office.accounts.person_of(token)
        return {"token": token, "account": person.id, "name": person.name, "role": person.role.value,
                "key": office.key.public.text()}  # fmt: skip

    few = CapacityLimiter(HASHES)  # who waits for a turn holds no thread that others need

    @door("POST", "/session", "", summary="Sign in; answers with a token", response_model=shapes.Session)
    async def sign_in(wish: SignIn) -> dict[str, str]:
        asked = partial(office.accounts.sign_in, wish.account, wish.password, wish.code, wish.device, wish.own)
        token = await to_thread.run_sync(asked, limiter=few)
        return await to_thread.run_sync(opened, token)

    def provider() -> "Provider":
        if office.provider is None:
            raise Problem("no_oidc")
        return office.provider

    @door("GET", "/session/oidc", "", summary="Where the unit's own accounts sign in", response_model=shapes.Invitation)
    def invitation() -> dict[str, str]:
        return provider().invitation()

    @door("POST", "/session/oidc", "", summary="Sign in with the unit's account; answers with a token",
          response_model=shapes.Session)  # fmt: skip
    def sign_in_with_unit(wish: UnitSignIn) -> dict[str, str]:
        asked = provider()
        from .oidc import Grant  # there is a provider, so this is loaded

        account = asked.redeem(Grant(wish.code, wish.verifier, wish.nonce, wish.redirect), office.clock.now().at)
        return opened(office.accounts.sign_in_known(account, wish.device))

    @door("DELETE", "/session", "sync", summary="Sign out", status_code=204)
    def sign_out(person: Annotated[Person, Depends(allowed("sync"))], token: Annotated[str, Depends(bearer)]) -> None:
        office.accounts.sign_out(token)


def account_doors(office: Office, door: DoorMaker, allowed: Allowed) -> None:
    Keeper = Annotated[Person, Depends(allowed("manage_people"))]
    Id = Annotated[str, Path(description="of the account", examples=["p-09120017"])]

    @door("GET", "/people", "see_operation", summary="All accounts, and what was done to them")
    def people(person: Annotated[Person, Depends(allowed("see_operation"))]) -> tuple[Account, ...]:
        return keeping.accounts(office)

    @door("POST", "/people", "manage_people", summary="A new account; answers once with its first password",
          response_model=shapes.Given)  # fmt: skip
    def invite(wish: NewAccount, person: Keeper) -> dict[str, str]:
        account = Account(wish.id, wish.name, wish.role, True, wish.totp, True)
        password, secret = keeping.invite(office, person, account)
        return {"password": password, "totp": secret}

    @door("PUT", "/people/{id}/role", "manage_people", summary="Another role", status_code=204)
    def change_role(id: Id, wish: NewRole, person: Keeper) -> None:
        keeping.change_role(office, person, id, wish.role)

    @door("PUT", "/people/{id}/active", "manage_people", summary="Close an account, or open it again", status_code=204)
    def set_active(id: Id, wish: InUse, person: Keeper) -> None:
        keeping.set_active(office, person, id, wish.active)

    @door("POST", "/people/{id}/password", "manage_people", summary="Answers once with a password for signing in once",
          response_model=shapes.Given)  # fmt: skip
    def reset_password(id: Id, person: Keeper) -> dict[str, str]:
        return {"password": keeping.reset_password(office, person, id), "totp": ""}

    @door("POST", "/people/{id}/totp", "manage_people", summary="Answers once with the secret of a new second factor",
          response_model=shapes.Given)  # fmt: skip
    def reset_totp(id: Id, wish: SecondFactor, person: Keeper) -> dict[str, str]:
        return {"password": "", "totp": keeping.reset_totp(office, person, id, wish.wanted)}


def device_doors(office: Office, door: DoorMaker, allowed: Allowed) -> None:
    @door("POST", "/devices", "enrol_device", summary="Enrol a laptop; answers with its certificate",
          response_model=shapes.Certificate)  # fmt: skip
    def enrol(wish: Enrol, person: Annotated[Person, Depends(allowed("enrol_device"))]) -> dict[str, str]:
        try:
            key = PublicKey.parse(wish.key)
            good = key.verify(base64.b64decode(wish.proof, validate=True), enrolment(person.id))
        except ValueError:
            good = False
        if not good or key.name != person.device or key.name.startswith(BUREAU_DEVICE):
            raise Problem("garbled")
        now: datetime = office.clock.now().at
        certificate = office.authority.device(key.name, key.raw, now)
        office.accounts.enrol(person, key, certificate)
        return {"certificate": certificate, "authority": office.authority.certificate}

    @door("GET", "/devices", "see_operation", summary="All laptops", response_model=list[shapes.Laptop])
    def devices(person: Annotated[Person, Depends(allowed("see_operation"))]) -> list[dict[str, str]]:
        return office.accounts.devices()

    @door("DELETE", "/devices/{name}", "manage_devices", summary="Revoke a laptop", status_code=204)
    def revoke(
        name: Annotated[str, Path(examples=["QH-07A1"])], person: Annotated[Person, Depends(allowed("manage_devices"))]
    ) -> None:
        keeping.revoke(office, person, name)

    @door("GET", "/devices/keys", "read_register", summary="Public keys of all laptops of the bureau")
    def keys(person: Annotated[Person, Depends(allowed("read_register"))]) -> list[str]:
        return [office.key.public.text(), *(row["key"] for row in office.accounts.devices())]

    @door("GET", "/devices/revoked", "read_register", summary="Those of the keys that were revoked")
    def revoked(person: Annotated[Person, Depends(allowed("read_register"))]) -> list[str]:
        return [row["key"] for row in office.accounts.devices() if row["revoked_at"]]
