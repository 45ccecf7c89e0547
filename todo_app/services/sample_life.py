"""The words of a made-up life: what somebody with a flat, a job and a course has to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """One project, or the inbox when it has no name, with the titles of what is to be done there.

    A word in braces in a title stands for one of ``SLOTS``. ``tags`` are those that its tasks can bear.
    """

    project: str
    tags: tuple[str, ...]
    titles: tuple[str, ...]


TAG_COLORS = {
    "home": "green",
    "errand": "amber",
    "phone": "cyan",
    "money": "orange",
    "health": "red",
    "family": "pink",
    "work": "blue",
    "meeting": "violet",
    "waiting": "slate",
    "study": "teal",
    "reading": "green",
    "10 minutes": "blue",
}

AREAS = (
    Area(
        "",
        ("errand", "10 minutes", "phone", "reading"),
        (
            "Answer {person} about the weekend",
            "Book a table for {small} at {restaurant}",
            "Buy a present for {person}",
            "Call {person} back",
            "Find out about {hobby} courses",
            "Look up opening hours of the {place}",
            "Pick up the parcel at the {place}",
            "Print the tickets for the {event}",
            "Read the article on {subject}",
            "Return the {thing} to {person}",
            "Send {person} the photos of the {event}",
            "Watch the talk on {subject}",
        ),
    ),
    Area(
        "Flat",
        ("home", "money", "errand"),
        (
            "Ask the landlord about the {fixture}",
            "Buy {groceries} and {groceries}",
            "Change the bulb in the {room}",
            "Clean the {room}",
            "Compare prices for a new {appliance}",
            "Defrost the freezer",
            "Descale the {appliance}",
            "Fix the {fixture} in the {room}",
            "Measure the {room} for shelves",
            "Paint the {room}",
            "Pay the {bill} bill",
            "Take the old {appliance} to the {place}",
            "Vacuum the {room} and water the plants",
        ),
    ),
    Area(
        "Family",
        ("family", "phone", "10 minutes"),
        (
            "Bake a cake for {person}",
            "Call grandma about the {event}",
            "Fill in the form for the school {event}",
            "Help {person} with the {thing}",
            "Invite {person} and {person} for dinner",
            "Organise the {event} with {person}",
            "Plan a day out at the {place}",
            "Write a birthday card to {person}",
        ),
    ),
    Area(
        "Health",
        ("health", "phone"),
        (
            "Collect the prescription for {person}",
            "Make an appointment with the {doctor}",
            "Run {number} km along the river",
            "Send the {doctor}'s bill to the insurance",
            "Stretch for {number} minutes after work",
            "Try the {hobby} class with {person}",
        ),
    ),
    Area(
        "Trip to {city}",
        ("errand", "money", "family"),
        (
            "Book the train to {city}",
            "Check in for the flight to {city}",
            "Find a room in {city} for {small} nights",
            "Get travel insurance",
            "Learn to say “{phrase}”",
            "Pack the {thing} and the chargers",
            "Renew the passport before {city}",
            "Reserve the guided tour of the {place}",
        ),
    ),
    Area(
        "Website relaunch",
        ("work", "meeting", "waiting"),
        (
            "Agree on the launch date with {company}",
            "Check the {page} page with a screen reader",
            "Collect feedback on the {page} page from {person}",
            "Cut the size of the images on the {page} page",
            "Go through the open tickets with {person}",
            "Move the {page} page to the new server",
            "Prepare the demo for {company}",
            "Redirect the old {page} address",
            "Review {person}'s draft of the {page} page",
            "Write the copy for the {page} page",
        ),
    ),
    Area(
        "Customers",
        ("work", "meeting", "phone", "waiting"),
        (
            "Answer {company}'s question about the {document}",
            "Call {person} at {company}",
            "Chase {company} for the signed {document}",
            "Follow up the workshop with {company}",
            "Prepare the offer for {company}",
            "Schedule the kick-off with {company}",
            "Send the {document} to {company}",
            "Update the notes on {company}",
        ),
    ),
    Area(
        "Quarterly report",
        ("work", "waiting", "reading"),
        (
            "Ask {person} for the figures of {month}",
            "Check the totals of {month} against the {document}",
            "Draft chapter {number}",
            "Explain the dip in {month}",
            "Proofread chapter {number}",
            "Redo chart {number} with the figures of {month}",
            "Send the draft to {person}",
        ),
    ),
    Area(
        "Statistics course",
        ("study", "reading"),
        (
            "Ask {person} about the proof in lecture {number}",
            "Do exercise {number} on {topic}",
            "Hand in problem sheet {number}",
            "Make flash cards for {topic}",
            "Read chapter {number} on {topic}",
            "Repeat the quiz on {topic}",
            "Summarise lecture {number}",
            "Watch lecture {number} on {topic}",
        ),
    ),
    Area(
        "Spanish",
        ("study", "10 minutes"),
        (
            "Learn {number} words about the {place}",
            "Listen to the news for {number} minutes",
            "Practise the past tense with {person}",
            "Read page {number} of the novel",
            "Write a letter about {city}",
        ),
    ),
)

SLOTS: dict[str, tuple[str, ...]] = {
    "appliance": (
        "coffee machine",
        "dishwasher",
        "kettle",
        "oven",
        "toaster",
        "vacuum cleaner",
        "washing machine",
    ),
    "bill": ("electricity", "heating", "internet", "phone", "rubbish", "water"),
    "city": ("Porto", "Kraków", "Sevilla", "Ljubljana", "Gdańsk", "Marseille", "Ghent", "Tromsø"),
    "company": ("Acme", "Brightwater", "Halden & Søn", "Kestrel Labs", "Northwind", "Oakfield", "Zürcher AG"),
    "doctor": ("dentist", "eye doctor", "GP", "physiotherapist"),
    "document": ("contract", "invoice", "minutes", "offer", "price list", "schedule", "specification"),
    "event": ("anniversary", "concert", "housewarming", "market", "picnic", "reunion", "summer party"),
    "fixture": ("blind", "door handle", "heater", "leaking tap", "light switch", "window"),
    "groceries": ("apples", "bread", "cheese", "coffee", "flour", "milk", "olive oil", "rice", "tomatoes"),
    "hobby": ("bouldering", "ceramics", "choir", "rowing", "sewing", "yoga"),
    "month": ("January", "April", "June", "September", "October", "December"),
    "number": tuple(str(number) for number in range(2, 41)),
    "page": ("about us", "careers", "contact", "help", "home", "pricing", "product", "search"),
    "person": (
        "Amélie",
        "Ben",
        "Chiara",
        "Deniz",
        "Eva",
        "Farid",
        "Greta",
        "Håkon",
        "Ines",
        "Jakub",
        "Léa",
        "Noor",
    ),
    "phrase": ("¿Dónde está la estación?", "Obrigado!", "Dziękuję", "Takk for sist"),
    "place": (
        "cinema",
        "farm shop",
        "library",
        "museum",
        "post office",
        "recycling centre",
        "town hall",
        "zoo",
    ),
    "restaurant": ("Café Blau", "Da Gino", "the Thai place", "The Anchor"),
    "room": ("attic", "balcony", "bathroom", "bedroom", "cellar", "hall", "kitchen", "living room"),
    "small": ("two", "three", "four", "five"),
    "subject": ("bees", "city trams", "compilers", "fermentation", "glaciers", "sleep", "typography"),
    "thing": ("bicycle", "camera", "drill", "ladder", "projector", "sleeping bag", "tent"),
    "topic": ("Bayes' theorem", "confidence intervals", "hypothesis tests", "Markov chains", "regression"),
}

STEPS = (
    "Make a list of what is missing",
    "Ask {person} for advice",
    "Compare three offers",
    "Do the first half",
    "Do the rest",
    "Check it once more",
    "Tell {person} that it is done",
)

DESCRIPTIONS = (
    "Ask for **{person}**, mornings are best.",
    "See <https://example.org/{place}>; the code is `{number}-{number}`.",
    "- {groceries}\n- {groceries}\n- {groceries}\n\nThe shop closes at *{number}*.",
    "Agreed:\n\n1. {person} starts with the {document}.\n2. {person} checks it.\n3. We talk in {month}.",
    "> I can do it any day but Tuesday.\n>\n> — {person}",
    "### Before\n\nBring the {thing}.\n\n### After\n\nGive it back to {person}.",
    "Not urgent. {person} did the same last {month} and can tell how.",
)

# Where the meetings of people elsewhere are.
FAR_ZONES = ("America/New_York", "Asia/Tokyo", "Europe/London")
