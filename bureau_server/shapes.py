"""What the server answers in JSON, as OpenAPI describes it to whoever writes a client."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

_STREAM = "inspection/2026-03"


class Health(BaseModel):
    status: str = Field("ok", description="always `ok`; where database or files do not answer it is a refusal")
    epoch: str = Field(description="names this life of the ledger: another one after it was restored from a copy",
                       examples=["6579a05be89930d4"])  # fmt: skip


class About(BaseModel):
    certificate: str = Field(description="the bureau's root (PEM); its fingerprint is compared with the bureau's paper")
    key: str = Field(
        description="the server's own, as a verifier key of C2SP signed-note", examples=["JU-1A2B+2b1de4c6+AcMd…"]
    )
    sign_in: str = Field(
        description="`password`, and `oidc` where the unit's accounts sign in", examples=["password oidc"]
    )


class Session(BaseModel):
    token: str = Field(description="for the header `Authorization: Bearer …`; good for fourteen days")
    account: str = Field(examples=["p-09120017"])
    name: str = Field(examples=["示例沈岚"])
    role: str = Field(examples=["team_lead"])
    key: str = Field(description="the server's public key")


class Invitation(BaseModel):
    """What OpenID Connect asks to be told at the provider."""

    authorization: str = Field(examples=["https://sign-in.example/authorize"])
    client_id: str
    scope: str = Field(examples=["openid profile"])


class Given(BaseModel):
    """Told once and kept nowhere in the clear."""

    password: str = Field(description="good for signing in once within seven days; empty where none was made",
                          examples=["7K2M-P4QX-9D3R-HW6T"])  # fmt: skip
    totp: str = Field(description="base32 secret of the second factor (RFC 6238); empty for none")


class Certificate(BaseModel):
    certificate: str = Field(description="of the laptop (PEM)")
    authority: str = Field(description="the bureau's root (PEM)")


class Laptop(BaseModel):
    name: str = Field(examples=["QH-07A1"])
    account: str = Field(description="who enrolled it first")
    key: str = Field(description="verifier key of C2SP signed-note")
    enrolled_at: str = Field(examples=["2026-03-16T10:32:00+08:00"])
    revoked_at: str = Field(description="empty while it is in use")


class Block(BaseModel):
    first: int = Field(examples=[17])
    last: int = Field(examples=[36])


class Receipt(BaseModel):
    note: str = Field(
        description="C2SP signed note over digest and size",
        examples=["inspector/file/v1\n9f86…\n3000000\n\n— JU-1A2B …\n"],
    )


class Inspection(BaseModel):
    stream: str = Field(description="names the inspection in all other doors", examples=[_STREAM])
    unit: str = Field(examples=["示例区水务局"])
    stage: str = Field(examples=["检查"])
    planned_from: str = Field(examples=["2026-03-16T09:00:00+08:00"])
    officers: list[str] = Field(examples=[["示例沈岚", "示例陆一鸣"]])


class ChartTable(BaseModel):
    title: str
    heads: list[str]
    rows: list[list[Any]]


class YearOfWork(BaseModel):
    year: int = Field(examples=[2026])
    report: str = Field(description="section of the annual report, in Chinese")
    tables: list[ChartTable] = Field(description="every chart of the laptops as a table")


class Remark(BaseModel):
    code: str = Field(examples=["D34"])
    name: str
    severity: str
    points: int
    message: str
    way: str = Field(description="the way out")
    clause: str = Field(description="what the check goes by")
    place: str = Field(description="where in the file")
    waived: str = Field(description="reason of a waiver; empty for none")
    waived_by: str = Field("", description="who let it stand; empty for none")


class Review(BaseModel):
    score: int = Field(description="0 to 100")
    grade: str
    looked: int = Field(description="checks that looked")
    remarks: list[Remark]
