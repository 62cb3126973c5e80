"""The words of a library's titles, descriptions and tags."""

from __future__ import annotations

MOODS = (
    "Early", "Silent", "Golden", "Misty", "Distant", "Wild", "Blue", "Late",
    "Quiet", "Broken", "Sleepy", "Frozen", "Red", "Hidden", "Bright", "Windy",
)  # fmt: skip

# Subject, its tags, and its latitude and longitude.
SUBJECTS = (
    ("hills", ("hills", "landscape", "green"), (54.46, -3.09)),
    ("lake", ("lake", "water", "reflection"), (46.36, 14.09)),
    ("dunes", ("dunes", "sand", "desert"), (31.15, -4.00)),
    ("coast", ("coast", "sea", "waves"), (50.06, -5.71)),
    ("forest", ("forest", "trees", "autumn leaves"), (48.50, 8.20)),
    ("valley", ("valley", "river", "landscape"), (37.72, -119.63)),
    ("glacier", ("glacier", "ice", "cold"), (64.01, -16.87)),
    ("meadow", ("meadow", "flowers", "summer"), (47.56, 11.07)),
    ("red panda", ("red panda", "animal", "zoo"), (27.33, 88.61)),
    ("cat", ("cat", "animal", "pet"), (52.52, 13.40)),
    ("harbour", ("harbour", "boats", "sea"), (53.55, 9.99)),
    ("bridge", ("bridge", "architecture", "city"), (51.51, -0.12)),
    ("market", ("market", "street", "people"), (41.01, 28.97)),
    ("night sky", ("night sky", "stars", "long exposure"), (28.76, -17.88)),
    ("tram", ("tram", "city", "street"), (38.71, -9.13)),
    ("snow", ("snow", "winter", "cold"), (43.06, 141.35)),
)

# Titles that programs often handle wrongly; some photos have them.
ODD_TITLES = (
    "", "Grüße aus Köln", "日本の秋", "Закат над рекой", "غروب الشمس", "🦊 in the snow 🌨️",
    "Tom & Jerry's <b>bold</b> day", '"Quoted" title', "50% off | a\\b `tick` ^up^",
    "IMG_0001.JPG", "file.name.with.dots", "one/two", "O'Brien's", "e\u0301galite\u0301",
)  # fmt: skip

ODD_DESCRIPTIONS = (
    'With <a href="https://example.org/">a link</a> and <i>italics</i>',
    "Two lines,\nthe second after a newline.",
    "Straße, naïve, 東京, 🎈",
    "A & B < C > D",
)

MACHINE_TAGS = ("geo:locality=berlin", "camera:lens=50mm", "project:day=42")

PEOPLE = (
    # username, realname, location, path alias
    ("sandbox", "Sam Box", "Berlin, Germany", "sandbox"),
    ("Ada Lens", "Ada Lens", "London, UK", "adalens"),
    ("müller", "Jörg Müller", "Köln, Deutschland", None),
    ("雪", "雪", "札幌", None),
    ("no_name", "", "", "noname"),
    ("Bea & Co", "Bea <Bea>", "Reykjavík, Iceland", "beaco"),
    ("fernando", "Fernando Alves", "Lisboa, Portugal", "fernando"),
    ("olga", "Ольга", "Київ, Україна", "olga"),
    ("wide_angle", "Will Angle", "Yosemite, USA", "wideangle"),
    ("tess", "Tess T.", "Istanbul", None),
)

COMMENTS = (
    "What a light!", "Great shot.", "Where is this?", "Schön!", "👏👏👏",
    "I was there last year, <b>loved</b> it.", "Seen in the pool.", "Composition & colour: perfect",
)  # fmt: skip

# Title and description of sets.
PHOTOSETS = (
    ("Best of everything", "What I would show first."),
    ("Alps 2019", ""),
    ("One", "A set of one photo."),
    ("Katzen & Hunde", "Cats <b>and</b> dogs"),
    ("日本", "東京と京都"),
    ("Black/white", ""),
    ("Family", "For the family mostly."),
    ("🏔️ Summits", "Up, and\ndown again."),
    ("Street, 2015", ""),
    ("No words", ""),
    ("O'Neill's \"quoted\" set", "With quotes."),
    ("Zuletzt", "Last in the row."),
)  # fmt: skip

# Title, description, the index of the parent collection, and the range of its sets.
COLLECTIONS = (
    ("Travels", "By continent.", None, 0, 0),
    ("Europe", "", 0, 1, 4),
    ("Asia & beyond", "A & B", 0, 4, 6),
    ("At home", "Near the door.", None, 6, 9),
)  # fmt: skip

GALLERIES = (
    ("Light", "Photos by others in which light does it."),
    ("Grün & Blau", ""),
    ("Animals 🐾", "Mostly <i>small</i> ones."),
)  # fmt: skip

# Name, path alias, description, rules, and columns with other values than the defaults.
GROUPS: tuple[tuple[str, str | None, str, str, dict[str, int | str]], ...] = (
    ("Landscapes of the World", "landscapes", "Wide land.", "", {}),
    ("Cats & Co", "cats", "Anything with paws.", "One photo of a cat at a time.", {}),
    ("Sandbox Family", None, "Only for us.", "", {"privacy": 1}),
    ("The Invited", "invited", "Ask first.", "Be kind.", {"privacy": 2}),
    ("Looked Through", None, "A pool that is looked through.", "", {"ispoolmoderated": 1}),
    ("Three a Day", "threeaday", "", "", {"throttle_count": 3, "throttle_mode": "day"}),
    ("Nachts", "nachts", "Bei Nacht.", "", {"eighteenplus": 1}),
    (
        "Stills on the Map",
        "stills",
        "No videos, nothing without a location.",
        "",
        {"videos_ok": 0, "has_geo": 1, "restricted_ok": 0, "moderate_ok": 0, "screens_ok": 0},
    ),
)  # fmt: skip

TOPICS = (
    ("Who is here?", "Tell us where you take your photos."),
    ("Tripods", "Which one do you carry <b>up</b> a hill?"),
    ("Spielregeln", "Bitte lesen."),
)  # fmt: skip

REPLIES = ("From Berlin, mostly.", "None at all.", "👍", "Read & understood.", "Ein leichtes.")

NOTES = ("Who lives there?", "Nice detail", "👀", "A <b>bird</b>", "Rost & Moos")
