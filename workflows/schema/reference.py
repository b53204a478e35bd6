#!/usr/bin/env python3
"""Writes docs/procedures.md, the reference of the definition format, from procedure.schema.json; --check compares."""
import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "procedure.schema.json")
REFERENCE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "procedures.md")
SHOWN_ONCE = {"state_2": "state", "state_3": "state"}  # the schema has a copy for each depth: it has no reference cycle

HEAD = """# The definition of a procedure, member by member

Written by `workflows/schema/reference.py` from `workflows/schema/procedure.schema.json`; a test compares the two. Titles and descriptions
are those that an editor with support for JSON Schema shows, in Vietnamese and English: begin a file with
`"$schema": "../../schema/procedure.schema.json"`. How to write a definition, step by step: [tutorial.md](tutorial.md); what the linter
says: [lint](lint/README.md).

Members whose name begins with `x-` may stand anywhere and are carried along. Machines have states of at most three levels. A number cites
its law: `law` names an id of the file's `law[]`, or says `unverified`.
"""


def name_of(reference):
    name = reference.rsplit("/", 1)[-1]
    return SHOWN_ONCE.get(name, name)


def linked(name):
    return f"[{name}](#{name})"


def type_of(schema):
    """What may stand there, in a few words."""
    if "$ref" in schema:
        return linked(name_of(schema["$ref"]))
    if "const" in schema:
        return f"`{json.dumps(schema['const'], ensure_ascii=False)}`"
    if "enum" in schema:
        return " \\| ".join(f"`{json.dumps(each, ensure_ascii=False)}`" for each in schema["enum"])
    for word, between in (("oneOf", " or "), ("anyOf", " or ")):
        if word in schema and "type" not in schema:
            return between.join(type_of(each) for each in schema[word])
    kinds = schema.get("type", "anything")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(kind_of(kind, schema) for kind in kinds)


def kind_of(kind, schema):
    if kind == "array" and isinstance(schema.get("items"), dict) and schema["items"]:
        return f"list of {type_of(schema['items'])}"
    more = schema.get("additionalProperties")
    if kind == "object" and isinstance(more, dict) and more and not schema.get("properties"):
        return f"object by name of {type_of(more)}"
    return kind


def bounds_of(schema):
    words = {"minimum": "at least {}", "maximum": "at most {}", "minLength": "at least {} characters", "maxLength": "at most {} characters",
             "minItems": "at least {} entries", "maxItems": "at most {} entries", "minProperties": "at least {} members",
             "maxProperties": "at most {} members"}
    return ", ".join(text.format(schema[word]) for word, text in words.items() if word in schema)


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def example_of(schema):
    examples = schema.get("examples", [])
    return "; ".join(f"`{json.dumps(each, ensure_ascii=False)}`" for each in examples)


def rows(schema):
    required = set(schema.get("required", []))
    lines = ["| member | may be | meaning |", "| --- | --- | --- |"]
    for name, part in schema.get("properties", {}).items():
        meaning = [part.get("title", ""), part.get("description", ""), bounds_of(part)]
        if example_of(part):
            meaning.append("e.g. " + example_of(part).replace("|", "\\|"))
        shown = f"**`{name}`**" if name in required else f"`{name}`"
        lines.append(f"| {shown} | {type_of(part)} | {'; '.join(cell(text) for text in meaning if text)} |")
    return lines


def nested(schema, name):
    """Objects that are described in place, under a name of their own."""
    for member, part in schema.get("properties", {}).items():
        inner = part.get("items") if part.get("type") == "array" else part
        if isinstance(inner, dict) and inner.get("properties") and "$ref" not in inner:
            path = f"{name}.{member}" if name else member
            yield path, inner
            yield from nested(inner, path)


def section(title, schema):
    lines = ["", f"## {title}", ""]
    for text in (schema.get("title"), schema.get("description")):
        if text:
            lines += [text + ".", ""]
    if schema.get("properties"):
        lines += rows(schema)
    else:
        lines.append(f"{type_of(schema)}" + (f" ({bounds_of(schema)})" if bounds_of(schema) else ""))
        if example_of(schema):
            lines += ["", "For example " + example_of(schema)]
    return lines


def reference(schema):
    lines = [HEAD.rstrip(), "", "Members in bold are required.", "", "## The file", ""] + rows(schema)
    parts = list(nested(schema, "")) + list(schema.get("definitions", {}).items())
    for name, part in parts:
        if name in SHOWN_ONCE:
            continue
        lines += section(name, part)
        for path, inner in nested(part, name):
            if "." in path and name in schema.get("definitions", {}):
                lines += section(path, inner)
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="1 if docs/procedures.md is not what would be written")
    options = parser.parse_args()
    with open(SCHEMA, encoding="utf-8") as file:
        text = reference(json.load(file))
    if not options.check:
        with open(REFERENCE, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    with open(REFERENCE, encoding="utf-8") as file:
        if file.read() == text:
            return 0
    print("docs/procedures.md is older than the schema: run workflows/schema/reference.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
