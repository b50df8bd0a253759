"""CIDs and gateway URLs: the library and what Python programs use today."""

BASE = "https://gateway.pinarkive.com/ipfs/"
MANY = 100_000
ONE_BY_ONE = 1_000


def library():
    import pinarkive

    return lambda contents: pinarkive.gateway_urls(BASE, contents)


def library_single():
    from pinarkive import gateway_url

    return lambda contents: [gateway_url(BASE, content) for content in contents]


def concatenation():
    return lambda contents: [BASE + content for content in contents]


def checked(check):
    def url(content):
        check(content)
        return BASE + content

    return lambda contents: list(map(url, contents))


def expression():
    """Looks at the letters and the length alone: no checked length, no version, no codec."""
    import re

    match = re.compile(r"Qm[1-9A-HJ-NP-Za-km-z]{44}|b[a-z2-7]{58,}").fullmatch

    def check(content):
        if not match(content):
            raise ValueError(content)

    return checked(check)


def multiformats():
    from multiformats import CID

    return checked(CID.decode)


def py_cid():
    from cid import make_cid

    return checked(make_cid)


def aleph_cid():
    """It makes CIDs. What it has for reading one makes a hasher like that of the CID."""
    from aleph_cid import CidHasher

    return checked(CidHasher.for_expected)


def library_parse():
    from pinarkive import CID

    return lambda contents: list(map(CID.parse, contents))


def multiformats_parse():
    from multiformats import CID

    return lambda contents: list(map(CID.decode, contents))


def py_cid_parse():
    from cid import make_cid

    return lambda contents: list(map(make_cid, contents))


URLS = {
    "library": (library, MANY),
    "single": (library_single, ONE_BY_ONE),
    "concatenation": (concatenation, MANY),
    "expression": (expression, MANY),
    "multiformats": (multiformats, ONE_BY_ONE),
    "py_cid": (py_cid, ONE_BY_ONE),
    "aleph_cid": (aleph_cid, ONE_BY_ONE),
}
CIDS = {
    "parse_library": library_parse,
    "parse_multiformats": multiformats_parse,
    "parse_py_cid": py_cid_parse,
}


class URLs:
    def __init__(self, name, task):
        make, self.operations = URLS[name]
        self.make = make()
        with open(task.file) as lines:
            self.contents = lines.read().split()[: self.operations]
        self.expected = [BASE + content for content in self.contents]

    def call(self):
        return self.make(self.contents)

    def check(self, answer):
        if answer != self.expected:
            raise RuntimeError("wrong URLs")


class CIDs:
    def __init__(self, name, task):
        self.parse = CIDS[name]()
        with open(task.file) as lines:
            self.contents = lines.read().split()[:ONE_BY_ONE]
        self.operations = ONE_BY_ONE

    def call(self):
        return self.parse(self.contents)

    def check(self, answer):
        if len(answer) != ONE_BY_ONE:
            raise RuntimeError("wrong number of CIDs")


def work_named(name, task):
    name = name.partition("-")[2]
    return CIDs(name, task) if name in CIDS else URLs(name, task)
