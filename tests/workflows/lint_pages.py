#!/usr/bin/env python3
"""The pages about the linter's rules (docs/lint): written from workflows/schema/lint-rules.json and the samples that
lint_test.cpp holds the linter to. Each page shows a sample with the defect beside the nearest one without a finding.
Without --write: fails if a page is missing, too many or out of date."""
import argparse
import difflib
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "tests", "workflows", "data", "lint")
PAGES = os.path.join(ROOT, "docs", "lint")


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def lines_of(sample):
    with open(os.path.join(DATA, sample), encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


def changes(wrong, mended):
    """The lines that differ, in the order of the files: - of the wrong one, + of the mended one."""
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, wrong, mended, autojunk=False).get_opcodes():
        if tag != "equal":
            found += ["- " + line.strip() for line in wrong[a:b]] + ["+ " + line.strip() for line in mended[c:d]]
    return found


def nearest(sample, expected):
    """What differs from the sample without findings that is nearest to it."""
    kind, wrong = sample.split("/")[0], lines_of(sample)
    clean = sorted(name for name, findings in expected.items() if not findings and name.startswith(kind + "/"))
    return min((changes(wrong, lines_of(name)) for name in clean), key=len)


def shortened(lines):
    short = [line if len(line) <= 400 else line[:397] + "..." for line in lines]
    return short if len(short) <= 14 else short[:13] + ["  ..."]


def page(rule, text, expected):
    sample = next((name for name, findings in expected.items() if any(each["rule"] == rule for each in findings)), None)
    lines = [f"# {rule}", "", f"{text['level'].capitalize()}. {text['what']}", "", f"**Why.** {text['why']}", ""]
    if "law" in text:
        lines += [f"**Law.** {text['law']}.", ""]
    if sample is None:
        lines += [f"**Example.** `{text['example']}`" if "`" not in text["example"] else
                  f"**Example.** {text['example']}", ""]
    else:
        finding = next(each for each in expected[sample] if each["rule"] == rule)
        place = finding["pointer"] or "the document"
        lines += [f"**Wrong (-) and mended (+).** Found at `{place}`.", "", "```diff"]
        lines += shortened(nearest(sample, expected)) + ["```", ""]
    lines += ["[All rules](README.md)"]
    return "\n".join(lines) + "\n"


def index(rules):
    lines = ["# Rules of the linter", "",
             "`motcua lint PATH...` names each finding by one of these rules. An error keeps a definition from being",
             "published, a warning does not; a note says what could not be checked. Exit code 1: there are errors. Written",
             "by `tests/workflows/lint_pages.py --write` from `workflows/schema/lint-rules.json` and the samples of the",
             "tests.", "", "| rule | | what |", "|---|---|---|"]
    lines += [f"| [{rule}]({rule}.md) | {text['level']} | {text['what']} |" for rule, text in rules.items()]
    return "\n".join(lines) + "\n"


def pages():
    rules, expected = load(os.path.join(ROOT, "workflows", "schema", "lint-rules.json")), load(os.path.join(DATA, "expected.json"))
    texts = {rule + ".md": page(rule, text, expected) for rule, text in rules.items()}
    return dict(texts, **{"README.md": index(rules)})


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    write, texts = parser.parse_args().write, pages()
    if write:
        os.makedirs(PAGES, exist_ok=True)
        for name in set(os.listdir(PAGES)) - set(texts):
            os.remove(os.path.join(PAGES, name))
        for name, text in texts.items():
            with open(os.path.join(PAGES, name), "w", encoding="utf-8") as file:
                file.write(text)
    there = set(os.listdir(PAGES)) if os.path.isdir(PAGES) else set()
    wrong = [f"docs/lint/{name} is about no rule" for name in sorted(there - set(texts))]
    wrong += [f"docs/lint/{name} is missing or out of date" for name in sorted(texts) if read(os.path.join(PAGES, name)) != texts[name]]
    print("\n".join(wrong + (["write them with tests/workflows/lint_pages.py --write"] if wrong else [])))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
