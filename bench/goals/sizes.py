"""How much is measured: the goal's sizes, or few enough for a look. Each is an option."""

#        option            goal       quick      meaning
SIZES = (("repetitions",    3,         2,         "of each side, in turn"),
         ("seconds",        30.0,      2.0,       "of one measurement over HTTP"),
         ("requests",       200_000,   0,         "at least so many over HTTP in a line, by more repetitions"),
         ("store-cases",    250_000,   3_000,     "finished cases of eight events that are replayed"),
         ("lengthy-cases",  2_000,     50,        "cases of 100 events that are read as of a version"),
         ("disk-cases",     50_000,    1_000,     "finished cases, here and in PostgreSQL"),
         ("recovery-cases", 100_000,   2_000,     "cases in the folder of the killed engine"),
         ("few-cases",      10_000,    10_000,    "open cases that worklists are compared with"),
         ("open-cases",     1_000_000, 50_000,    "open cases of worklists and memory"),
         ("large-cases",    10_000_000, 100_000,  "open cases with --large"),
         ("reads",          300,       50,        "worklist pages in one repetition"),
         ("timers",         100_000,   2_000,     "due at one instant"),
         ("timer-lead",     60.0,      20.0,      "seconds from filling to that instant"),
         ("timer-rate",     500,       200,       "requests a second meanwhile"),
         ("timer-quiet",    15.0,      3.0,       "seconds of requests before"),
         ("timer-piece",    3.0,       1.0,       "seconds of each load, one after the other"),
         ("calendar-cases", 200_000, 5_000,    "open cases over which a calendar is published"),
         ("definitions",    2_000,     200,       "definitions that are loaded"),
         ("soak",           0.0,       0.0,       "minutes of the memory soak"),
         ("soak-rate",      500,       200,       "requests a second of the soak"))


def add_options(parser):
    for name, goal, quick, meaning in SIZES:
        parser.add_argument("--" + name, type=type(goal), help=f"{meaning} ({goal:g}, quick: {quick:g})")


def fill_in(options):
    for name, goal, quick, _ in SIZES:
        attribute = name.replace("-", "_")
        if getattr(options, attribute) is None:
            setattr(options, attribute, quick if options.quick else goal)
