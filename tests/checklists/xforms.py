"""Makes small XForms for the tests."""

from inspector_app.checklists.form import Form

HEAD = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:a="urn:archives-inspection:checklist">
<h:head><h:title>示例检查表</h:title><model>%s<instance><data id="sample" version="1">%s</data></instance>
<instance id="answer"><root>
<item><name>符合</name><label>符合</label><weight>1</weight></item>
<item><name>不符合</name><label>不符合</label><weight>0</weight></item>
<item><name>不适用</name><label>不适用</label></item></root></instance>
%s</model></h:head><h:body>%s</h:body></h:html>"""

CHOICES = """<itemset nodeset="instance('answer')/root/item"><value ref="name"/><label ref="label"/></itemset>"""


def xform(nodes: str, binds: str, body: str, texts: str = "") -> bytes:
    return (HEAD % (texts, nodes, binds, body)).encode()


def item(code: str, relevant: str = "") -> tuple[str, str, str]:
    """Node, bind and control of one item in the section s1."""
    rule = f' relevant="{relevant}"' if relevant else ""
    return (
        f"<{code}/>",
        f'<bind nodeset="/data/s1/{code}" type="string" a:basis="档案法12" a:severity="2"{rule}/>',
        f'<select1 ref="/data/s1/{code}"><label>检查项{code}</label>{CHOICES}</select1>',
    )


def form(*parts: tuple[str, str, str], outer: tuple[str, str, str] = ("", "", "")) -> Form:
    """A form of one section with these parts; `outer` stands beside the section."""
    nodes, binds, body = ("".join(column) for column in zip(item("X01"), *parts, strict=True))
    group = f'<group ref="/data/s1"><label>01 示例</label>{body}</group>'
    return Form.load(xform(f"{outer[0]}<s1>{nodes}</s1>", f"{outer[1]}{binds}", f"{outer[2]}{group}"))


def asked(
    name: str, kind: str = "string", label: str = "问", control: str = "input", **rules: str
) -> tuple[str, str, str]:
    """Node, bind and control of a question in the section s1."""
    attributes = "".join(f' {"jr:" if key.endswith("Msg") else ""}{key}="{value}"' for key, value in rules.items())
    choices = CHOICES if control.startswith("select") else ""
    return (
        f"<{name}/>",
        f'<bind nodeset="/data/s1/{name}" type="{kind}"{attributes}/>',
        f'<{control} ref="/data/s1/{name}"><label>{label}</label>{choices}</{control}>',
    )
