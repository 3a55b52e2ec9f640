"""The cells of the table that are wrong today: what happens instead. A cell that is put right is taken out."""

from __future__ import annotations

# What happens, and the cells: row and class of call, with the driver where the others are right.
WRONG = {
    "--timeout does not bound it: it takes 10 s": """
        03-blackhole-create-cli
        03-blackhole-read-cli
    """,
    "OutcomeUnknown, although nothing was sent": """
        04-handshake-hangs-create
        33-connect-dropped-create
        33-connect-garbage-create
        33-connect-reset-create
        33-connect-tunnel-closes-in-handshake-create
    """,
    "--timeout does not bound it": """
        04-handshake-hangs-read-cli
    """,
    "not tried again, although nothing was sent": """
        04-handshake-reset-then-good-create
        04-handshake-reset-then-good-read
        33-connect-503-then-good-create
        33-connect-503-then-good-read
        33-connect-dropped-then-good-create
        33-connect-dropped-then-good-read
    """,
    "asked once only": """
        05-fin-before-status-read
        05-fin-before-status-then-good-read
        05-fin-with-tls-read
        05-rst-before-status-read
        05-rst-before-status-then-good-read
        05-rst-in-headers-read
        05-rst-in-headers-then-good-read
        05-rst-with-tls-read
        06-fin-in-body-read
        06-fin-in-body-then-good-read
        06-rst-in-body-read
        06-rst-in-body-then-good-read
        07-bad-chunk-size-read
        07-bad-chunk-size-then-good-read
        07-fin-between-chunks-read
        07-fin-between-chunks-then-good-read
        07-fin-mid-chunk-read
        07-fin-mid-chunk-then-good-read
        07-rst-mid-chunk-read
        07-rst-mid-chunk-then-good-read
        08-truncated-body-read
        08-truncated-body-then-good-read
        08-truncated-headers-read
        08-truncated-headers-then-good-read
        13-502-read
        13-502-then-good-read
        13-503-read
        13-504-read
        13-504-then-good-read
        14-503-retry-after-then-good-read
        33-connect-portal-closes-read
        33-connect-tunnel-ends-after-forwarding-read
        33-http-proxy-closes-after-forwarding-read
        33-http-proxy-resets-after-forwarding-read
        34-bad-status-line-read
        34-bad-status-line-then-good-read
        34-endless-header-read
        34-endless-header-then-good-read
        34-http-0.9-read
        34-http-0.9-then-good-read
        34-hundreds-of-headers-read
        34-hundreds-of-headers-then-good-read
    """,
    "takes until the portal gives up": """
        10-drip-body-create
        10-drip-body-read
        10-drip-body-with-tls-create
        10-drip-body-with-tls-read
        10-drip-chunks-create
        10-drip-chunks-read
        10-drip-headers-create
        10-drip-headers-read
        11-hang-in-body-create-cli
        11-hang-in-body-read-cli
        11-no-answer-create-cli
        11-no-answer-read-cli
        33-connect-hangs-create
        33-connect-hangs-read-cli
        33-http-proxy-hangs-after-forwarding-create-cli
        33-http-proxy-hangs-after-forwarding-read-cli
        33-http-proxy-hangs-create-cli
        33-http-proxy-hangs-read-cli
        34-endless-100-continue-create
        34-endless-100-continue-read
    """,
    "ServerError instead of OutcomeUnknown": """
        13-502-create
        13-502-then-good-create
        13-503-create
        13-504-create
        13-504-then-good-create
    """,
    "ApiError instead of RateLimited": """
        15-429-an-hour-create-runtime
        15-429-an-hour-create-sdk
        15-429-an-hour-read-runtime
        15-429-an-hour-read-sdk
        15-429-astronomic-create-runtime
        15-429-astronomic-create-sdk
        15-429-astronomic-read-runtime
        15-429-astronomic-read-sdk
        15-429-date-create-runtime
        15-429-date-create-sdk
        15-429-date-read-runtime
        15-429-date-read-sdk
    """,
    "not tried again": """
        15-429-date-then-good-create
        15-429-date-then-good-read
        15-429-garbage-then-good-create
        15-429-garbage-then-good-read
        15-429-negative-then-good-create
        15-429-negative-then-good-read
        15-429-retry-after-then-good-create
        15-429-retry-after-then-good-read
    """,
    "returns None": """
        28-202-empty-create
        28-203-empty-create
        28-204-create
        28-206-empty-create
    """,
    "returns the last of the two values": """
        30-duplicate-keys-create
        30-duplicate-keys-read
    """,
    "returns inf; the command prints Infinity": """
        30-infinity-create
        30-infinity-read
    """,
    "reads all of it": """
        31-80-megabytes-create
        31-80-megabytes-read
        31-gzip-bomb-create
        31-gzip-bomb-read
    """,
    "TransportError instead of DecodeError": """
        31-not-gzip-read
    """,
    "TransportError, safe to repeat, although the portal may have read it": """
        33-connect-portal-closes-create
        33-connect-tunnel-ends-after-forwarding-create
        33-http-proxy-closes-after-forwarding-create
        33-http-proxy-closes-before-forwarding-create
        33-http-proxy-resets-after-forwarding-create
    """,
    "ApiError 407 instead of TransportError": """
        33-http-proxy-407-create
        33-http-proxy-407-read
    """,
    "returns None as if it were the answer": """
        34-102-processing-create
        34-102-processing-read
        34-103-early-hints-create
        34-103-early-hints-read
        34-103-with-tls-create
        34-103-with-tls-read
    """,
}
# Whether the alert or the broken connection comes first is chance; only the former is misunderstood.
BY_CHANCE = {"04-alert-after-handshake-create": "TransportError, although the request was sent"}
CELLS = {cell: what for what, cells in WRONG.items() for cell in cells.split()}


def wrong(row: str, driver: str) -> str:
    """Return what happens instead in a cell; "" if it is right."""
    return CELLS.get(f"{row}-{driver}") or CELLS.get(row, "")
