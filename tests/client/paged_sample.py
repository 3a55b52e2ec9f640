"""Read long lists; the comment of each line has the type or the error that a type checker must report."""

from typing import reveal_type

import paged_lists_1 as lists
import paged_lists_1.aio as async_lists

client = lists.connect("https://lists.example")
for page in lists.paginate(client.lists.offset, limit=50):
    reveal_type(page[0].get("id"))  # -> int | None
for _wrong_type in lists.paginate(client.lists.offset, limit="50"):  # -> error
    pass
for _wrong_name in lists.paginate(client.lists.offset, limmit=50):  # -> error
    pass


async def read() -> None:
    async with async_lists.connect("https://lists.example") as opened:
        async for page in async_lists.paginate(opened.lists.linked, page=2):
            reveal_type(page[0].get("id"))  # -> int | None
