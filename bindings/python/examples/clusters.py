"""Lists the clusters of an account with their gateways, and makes the URL that shows a CID.

PINARKIVE_API_KEY=... python clusters.py [CID]
"""

import sys

import pinarkive

EXAMPLE = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
TITLES = ("CLUSTER", "GATEWAY", "LABEL")


def main() -> int:
    content = sys.argv[1] if len(sys.argv) > 1 else EXAMPLE
    try:
        with pinarkive.Client() as client:  # The key is in $PINARKIVE_API_KEY.
            clusters = client.list_clusters()
        url = pinarkive.gateway_url(None, content)
    except pinarkive.PinarkiveError as error:
        print(error, file=sys.stderr)
        return 1
    rows: list[tuple[str, str, str]] = [TITLES]
    for cluster in clusters:
        for gateway in cluster.gateways:
            rows.append((cluster.id, gateway.base_url, gateway.label or "-"))
        if not cluster.gateways:
            rows.append((cluster.id, "-", "-"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(TITLES))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print()
    print(url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
