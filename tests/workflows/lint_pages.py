#!/usr/bin/env python3
"""The pages about the linter's rules (docs/lint): written from workflows/schema/lint-rules.json and the samples that
lint_test.cpp holds the linter to. Each page shows a sample with the defect beside the nearest one without a finding,
which is the near miss of the rule if there is nothing nearer.
Without --write: fails if a page is missing, too many or out of date."""
import argparse
import difflib
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "tests", "workflows", "data", "lint")
PAGES = os.path.join(ROOT, "docs", "lint")
FILES = "../../tests/workflows/data/lint/"


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
            found += ["- " + line for line in wrong[a:b]] + ["+ " + line for line in mended[c:d]]
    indent = min((len(line) - 2 - len(line[2:].lstrip()) for line in found if line[2:].strip()), default=0)
    return [line[:2] + line[2 + indent:].rstrip() for line in found]


def right_ones(kind, rule, expected):
    """Samples without a finding: the clean ones, and the near misses of the rule."""
    clean = [name for name, findings in expected.items() if not findings and name.startswith(kind + "/")]
    folder = os.path.join(DATA, "near", kind)
    near = [name for name in os.listdir(folder) if name == f"{rule}.json" or name.startswith(f"{rule}-")]
    return sorted(clean) + sorted(f"near/{kind}/{name}" for name in near if name.endswith(".json"))


def nearest(sample, rule, expected):
    """The sample without findings that is nearest, and what differs. The rule's near miss may be two lines farther."""
    kind, wrong = sample.split("/")[0], lines_of(sample)
    own = f"near/{kind}/{rule}.json"
    found = [(name, changes(wrong, lines_of(name))) for name in right_ones(kind, rule, expected)]
    return min(found, key=lambda each: (len(each[1]) - (2 if each[0] == own else 0), sum(map(len, each[1]))))


def sample_of(rule, expected):
    """The sample that is named like the rule, else that which has the least besides."""
    having = [name for name, findings in expected.items() if any(each["rule"] == rule for each in findings)]
    named = [name for name in reversed(sorted(having)) if name.endswith(f"/{rule}.json")]
    return (named + sorted(having, key=lambda name: (len(expected[name]), name)) + [None])[0]


def shortened_line(line):
    """Both ends of a long line: what differs is often at the end."""
    return line if len(line) <= 400 else f"{line[:280]} ... {line[-100:]}"


def shortened(lines):
    short = [shortened_line(line) for line in lines]
    return short if len(short) <= 14 else short[:13] + ["  ..."]


def page(rule, text, expected):
    sample = sample_of(rule, expected)
    lines = [f"# {rule}", "", f"{text['level'].capitalize()}. {text['what']}", "", f"**Why.** {text['why']}", ""]
    if "law" in text:
        lines += [f"**Law.** {text['law']}.", ""]
    if sample is None:
        lines += [f"**Example.** `{text['example']}`" if "`" not in text["example"] else
                  f"**Example.** {text['example']}", ""]
    else:
        finding = next(each for each in expected[sample] if each["rule"] == rule)
        place = finding["pointer"] or "the document"
        right, lines_that_differ = nearest(sample, rule, expected)
        if lines_that_differ:
            lines += [f"**Wrong (-) and mended (+).** Found at `{place}`.", "", "```diff"]
            lines += shortened(lines_that_differ) + ["```", ""]
        else:
            lines += [f"**Wrong.** Found at `{place}` of a file that is right if others are beside it.", ""]
        lines += beside(right)
        lines += [f"Wrong: [{sample}]({FILES}{sample}). Right: [{right}]({FILES}{right})." + near_miss(sample, rule, right), ""]
    lines += ["[All rules](README.md)"]
    return "\n".join(lines) + "\n"


def beside(right):
    """The files that a right one needs: those in the folder of its name."""
    folder = os.path.join(DATA, right[:-len(".json")])
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    links = ", ".join(f"[{name}]({FILES}{right[:-len('.json')]}/{name})" for name in names)
    return [f"The right one has beside it: {links}.", ""] if names else []


def near_miss(sample, rule, shown):
    """Where the file is that is as close to the defect as a right one can be, unless it is shown already."""
    kind = sample.split("/")[0]
    own = f"near/{kind}/{rule}.json"
    if own == shown or not os.path.exists(os.path.join(DATA, own)):
        return ""
    return f" Still right: [{own}]({FILES}{own})."


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
