"""What a user of an OpenAPI 3 document's SDK writes, and what type checkers make of it: a type, or an error."""

from pathlib import Path
from typing import reveal_type

import harbour_1 as harbour
import harbour_1.aio

client = harbour.connect("https://harbour.example/api")

# unions with a discriminator narrow by its property
ships = client.ships.list(order="name")
for ship in ships:
    if ship["kind"] == "tug":
        reveal_type(ship["power"])  # -> int
    else:
        reveal_type(ship["seats"])  # -> int
    print(ship["power"])  # error
    match ship["kind"]:
        case "tug":
            reveal_type(ship["power"])  # -> int
        case "ferry":
            reveal_type(ship["seats"])  # -> int
reveal_type([ship["power"] for ship in ships if ship["kind"] == "tug"])  # -> list[int]
client.ships.add(body={"kind": "tug", "power": 3})
client.ships.add(body={"kind": "tug", "seats": 3})  # error
client.ships.add(body={"power": 3})  # error
added = client.ships.add(body=ships[0])
if added is not None and "number" not in added:
    print(added["kind"])

# subtypes of a definition with a discriminator, which they extend
for cargo in client.cargo.list():
    reveal_type(cargo["dry"] if cargo["cargoType"] == "Grain" else cargo["grade"])  # -> bool | str

# unions whose members have constants, without a discriminator
for signal in client.signals.list():
    if signal["lit"] is True:
        reveal_type(signal["colour"])  # -> str
    else:
        reveal_type(signal["seconds"])  # -> float
for light in client.lights.list():
    reveal_type(light["depth"] if light["type"] == "buoy" else light["height"])  # -> float

# requests and responses
sailor = client.crew.list()[0]  # error
reveal_type(sailor["id"])  # -> int
print(sailor["pin"])  # error
rank: str = sailor["rank"]
reveal_type(client.crew.hire(body={"name": "Ada", "pin": "1", "rank": "cook"})["id"])  # -> int
client.crew.hire(body={"name": "Ada", "pin": "1", "rank": "pirate"})  # error
client.crew.hire(body={"name": "Ada", "rank": "cook"})  # error
client.crew.hire(body={"id": 1, "name": "Ada", "pin": "1", "rank": "cook"})  # error

# absent is not null
client.crew.change()
client.crew.change(body={})
client.crew.change(body={"cabin": None})
client.crew.change(body={"name": None})  # error

# every other kind of value
everything = client.all.get()
reveal_type(everything["one"])  # -> Literal[1]
reveal_type(everything["factor"])  # -> float
reveal_type(everything["pair"])  # -> list[str | int]
reveal_type(everything["open"])  # -> Any
reveal_type(everything["map"])  # -> dict[str, int]
reveal_type(everything["maps"]["a"].get("x"))  # -> int | None
reveal_type(everything["either"])  # -> str | int | None
reveal_type(everything["nothing"])  # -> None
reveal_type(everything["a-b"] + everything["in"] + everything["rest"]["a"])  # -> str
reveal_type(everything["merged"]["number"])  # -> int
reveal_type(everything["wind"]["title"] if everything["wind"] else "")  # -> str
print(everything["wind"]["title"])  # error
colour: str = everything["colour"]
mixed: str | int | bool | None = everything["mixed"]
for branch in everything["tree"]:
    if not isinstance(branch, str):
        branch.append(branch[0])
client.all.replace(body={"colour": "red", "labels": {"a": "b"}})
client.all.replace(body={"colour": colour})  # error
client.all.replace(body={"colour": "red", "never": 1})  # error
client.ships.list(order="colour")  # error
client.ships.list(near={"x": 0.5})

# media types
client.papers.replace(name="Ada", body={"title": "a"})
client.papers.replace(name="Ada", body={"title": "a"}, _content_type="application/x-www-form-urlencoded")
client.papers.replace(name="Ada", body={"scan": b"", "pages": [Path("a.png")]})
client.papers.replace(name="Ada", body=Path("a.pdf"), _content_type="application/pdf")
client.papers.replace(name="Ada", body=3)  # error
client.papers.replace(name="Ada", body=b"", _content_type="text/html")  # error
client.photos.replace(name="Ada", body=iter([b"a", b"b"]))
client.photos.replace(name="Ada")  # error
reveal_type(client.papers.get(name="Ada"))  # -> bytes | str


def received(payload: harbour.types.ShipArrivedPayload, cargo: harbour.types.AnnounceUnloadedPayload) -> None:
    """What a webhook and a callback carry."""
    reveal_type(payload["seats"] if payload["kind"] == "ferry" else payload["power"])  # -> int
    reveal_type(cargo.get("weight"))  # -> float | None


async def arriving(loop: harbour_1.aio.Client, *, wanted: bool) -> None:
    """Streams, blocking and on an event loop."""
    for arrival in client.arrivals.watch(_stream=True):
        reveal_type(arrival["power"] if arrival["kind"] == "tug" else arrival["seats"])  # -> int
    async with await loop.arrivals.watch(_stream=True) as arrivals:
        async for arrival in arrivals:
            reveal_type(arrival["power"] if arrival["kind"] == "tug" else arrival["seats"])  # -> int
            print(arrival["seats"])  # error
    print((await loop.arrivals.watch())[0]["kind"])
    reveal_type(await loop.messages.watch(_stream=True))  # -> AsyncStream[ServerSentEvent]
    reveal_type(await loop.messages.watch(_stream=wanted))  # -> str | AsyncStream[ServerSentEvent]
    stream: harbour_1.aio.Stream[harbour.ServerSentEvent] = await loop.messages.watch(_stream=True)
    for _ in stream:  # error
        pass
