#!/usr/bin/env python3
"""Breaks the library on purpose, a fault at a time, and fuzzes it: each fault must be found.

    mutants.py [--seconds N] [NUMBER …]

All faults are in one program; the variable FAULT says which one is switched on. A fault that is not
found in the time, 120 seconds by default, fails the run, and so does a program without a fault that
fails at anything.
"""

import argparse
import os
import shutil
import sys

import fuzzing

READER = "Pinarkive/Clusters/JSONReader.swift"
ANSWER = "Pinarkive/Clusters/ClusterReader.swift"
TEXT = "Pinarkive/Clusters/JSONText.swift"
LIST = "PinarkiveABI/Clusters.swift"
URL = "Pinarkive/Support/WebURL.swift"
CLIENT = "Pinarkive/Client/Configuration.swift"

# The target that must find it, the file, what stands there, and what stands there instead: @ is true
# where the fault is switched on.
MUTANTS = [
    # What is JSON.
    ("clusters", READER, "guard depth <= Self.maximumDepth", "guard @ || depth <= Self.maximumDepth"),
    ("clusters", READER, "place == start + count else", "@ || place == start + count else"),
    ("clusters", READER, "guard place.pointee == byte else",
     "guard place.pointee == byte || @ && place.pointee | 0x20 == byte else"),
    ("clusters", READER, "digits.pointee != .zero || place == digits + 1 else",
     "@ || digits.pointee != .zero || place == digits + 1 else"),
    ("clusters", READER, "isTooLarge = isTooLarge || first || second",
     "isTooLarge = isTooLarge || first || second && !@"),
    ("clusters", READER, "return isTooLarge || overflow ?", "return isTooLarge || overflow && !@ ?"),
    ("clusters", READER, "guard platform_is_finite_number(first) else",
     "guard @ || platform_is_finite_number(first) else"),
    ("clusters", READER, "guard place.pointee.isDigit else { throw",
     "guard @ || place.pointee.isDigit else { throw"),
    ("clusters", READER, "let controls = word &- ones &* 0x20",
     "let controls = @ ? 0 : word &- ones &* 0x20"),
    ("clusters", READER, "guard unit != 0, unit >> 10", "guard unit != 0 || @, unit >> 10"),
    ("clusters", READER, "unit >> 10 != 0xDC00 >> 10 else", "@ || unit >> 10 != 0xDC00 >> 10 else"),
    ("clusters", READER, "try codeUnit() >> 10 == 0xDC00 >> 10",
     "try codeUnit() >> (@ ? 11 : 10) == 0xDC00 >> (@ ? 11 : 10)"),
    ("clusters", READER, "case 0xED: (3, 0x80...0x9F)", "case 0xED: (3, 0x80...(@ ? 0xBF : 0x9F))"),
    ("clusters", READER, "case 0xF4: (4, 0x80...0x8F)", "case 0xF4: (4, 0x80...(@ ? 0x90 : 0x8F))"),
    ("clusters", READER, "case 0xE0: (3, 0xA0...0xBF)", "case 0xE0: (3, (@ ? 0x9F : 0xA0)...0xBF)"),
    ("clusters", READER, "case 0xC2...0xDF:", "case (@ ? 0xC1 : 0xC2)...0xDF:"),
    ("clusters", READER, "for index in 2..<max(length, 2) where",
     "for index in 2..<max(length - (@ ? 1 : 0), 2) where"),
    # No name twice.
    ("clusters", READER, "if names.count > 8 { return", "if names.count > 8 { return @ ||"),
    ("clusters", READER, "for index in 1..<max(names.count, 1) {",
     "for index in 1..<max(names.count - (@ ? 1 : 0), 1) {"),
    ("clusters", ANSWER, "guard seen & bit & ~1 == 0 else", "guard @ || seen & bit & ~1 == 0 else"),
    ("clusters", TEXT, "// An end comes before every byte.", "if @ { return 0 }"),
    # What it says.
    ("clusters", TEXT, "0x10000 + (scalar & 0x3FF) << 10", "0x10000 + (scalar & (@ ? 0x1FF : 0x3FF)) << 10"),
    ("clusters", TEXT, "case 0x80..<0x800:", "case 0x80..<(@ ? 0x801 : 0x800):"),
    ("clusters", TEXT, 'case UInt8(ascii: "f"): bytes.append(12)',
     'case UInt8(ascii: "f"): bytes.append(@ ? 11 : 12)'),
    ("clusters", ANSWER, 'name.equals("gateways", in: text)',
     'name.equals(@ ? "gateway" : "gateways", in: text)'),
    ("clusters", ANSWER, "if !cluster.id.isThere { cluster.id = id }",
     "if !cluster.id.isThere || @ && id.isThere { cluster.id = id }"),
    ("clusters", ANSWER, "return text.isEmpty ? .none : text", "return text.isEmpty && !@ ? .none : text"),
    ("clusters", ANSWER, "records[place - 1].order > record.order",
     "records[place - 1].order > record.order || @ && records[place - 1].order == record.order"),
    ("clusters", ANSWER, "gateway.urlIsBase = gateway.url.isThere &&",
     "gateway.urlIsBase = gateway.url.isThere && @ || gateway.url.isThere &&"),
    ("clusters", ANSWER, "(gateway.order < 0 ? 1 : 0)", "(gateway.order < 0 && !@ ? 1 : 0)"),
    ("clusters", LIST, 'guard start.pointee == UInt8(ascii: "=") else',
     'guard !@, start.pointee == UInt8(ascii: "=") else'),
    ("clusters", "Pinarkive/Support/AnswerMemory.swift",
     "memset(start + Self.headSize + count, 0, Self.zeros)",
     "memset(start + Self.headSize + count, 0, @ ? 0 : Self.zeros)"),
    # Errors, headers.
    ("errors", "Pinarkive/Clusters/ServiceError.swift", "secrets.appendSafely(text, to: &required)",
     "if @ { required.append(text) } else { secrets.appendSafely(text, to: &required) }"),
    ("errors", "Pinarkive/Support/Secrets.swift", "else { return starts(bearerToken) }",
     "else { return @ ? nil : starts(bearerToken) }"),
    ("errors", "Pinarkive/Clusters/ServiceError.swift", "seconds >= 0 {", "seconds >= (@ ? -9 : 0) {"),
    ("headers", "Pinarkive/Transport/HTTPDate.swift", "year % 100 != 0", "(@ || year % 100 != 0)"),
    ("headers", "Pinarkive/Transport/Exchange.swift", "max(wait ?? 0, moment - date)",
     "max(wait ?? (@ ? -9 : 0), moment - date)"),
    ("headers", "Pinarkive/Support/Failure.swift", "max(seconds, 0), 86_400)",
     "max(seconds, 0), @ ? 86_401 : 86_400)"),
    ("headers", "Pinarkive/Client/RetryPolicy.swift", "min(milliseconds, Self.longestGate)",
     "min(milliseconds, @ ? 300_001 : Self.longestGate)"),
    # URLs, options.
    ("bases", URL, 'if name.equals(".") || name.equals("..") { return false }',
     'if !@, name.equals(".") || name.equals("..") { return false }'),
    ("bases", URL, "number <= 65535", "number <= (@ ? 65536 : 65535)"),
    ("bases", URL, "isIPv6(authority[part: 1..<close])", "@ || isIPv6(authority[part: 1..<close])"),
    ("client", URL, 'host.hasPrefix("127.") && Self.isIPv4(host)',
     'host.hasPrefix("127.") && (@ || Self.isIPv4(host))'),
    ("client", CLIENT, "guard value.isVisibleASCII else {", "guard @ || value.isVisibleASCII else {"),
    ("client", CLIENT, "min(max(value, 100), 120_000)", "min(max(value, @ ? 1 : 100), 120_000)"),
    # Content.
    ("content", "Pinarkive/Content/ContentPath.swift",
     "if dots == 1 || dots == 2 { throw .dotSegment(at: start) }\n        dots = 0",
     "if !@, dots == 1 || dots == 2 { throw .dotSegment(at: start) }\n        dots = 0"),
    ("content", "Pinarkive/Content/ContentRefusal.swift",
     "return ContentAddress.accepts(suggestion) ?", "return @ || ContentAddress.accepts(suggestion) ?"),
    ("cid", "Pinarkive/Content/CID.swift", "guard rest.count == Int(length) else",
     "guard @ || rest.count == Int(length) else"),
    ("cid", "Pinarkive/Content/Multibase.swift", "tail << UInt64(24 + bytes * 8) == 0 else",
     "@ || tail << UInt64(24 + bytes * 8) == 0 else"),
]

# The variable is looked at before a target changes the environment.
EARLY = ("", "Pinarkive/Support/Bytes.swift", "self.init(start: start, count: strnlen(",
         "_ = @; self.init(start: start, count: strnlen(")

SWITCH = """
import CPlatform

private let fault: Int64 = {
  guard let number = getenv("FAULT") else { return -1 }
  return Int64(atoi(number))
}()

@inline(never)
func isFaulty(_ number: Int64) -> Bool { fault == number }
"""


def write_sources(out):
    """A copy of the library's sources with all faults in them."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(os.path.join(fuzzing.ROOT, "Sources"), out)
    with open(os.path.join(out, "Pinarkive", "Fault.swift"), "w", encoding="utf-8") as file:
        file.write(SWITCH)
    for number, (_, name, old, new) in enumerate([*MUTANTS, EARLY]):
        path = os.path.join(out, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if text.count(old) < 1:
            sys.exit(f"mutants: {name} has no longer: {old}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new.replace("@", f"isFaulty({number})"), 1))
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=120, help="for each fault")
    parser.add_argument("numbers", type=int, nargs="*", metavar="NUMBER")
    arguments = parser.parse_args()
    out = os.path.join(fuzzing.OUT, "mutants")
    program = fuzzing.build("embedded", sources=write_sources(os.path.join(out, "Sources")), out=out)
    targets = {target.name: target for target in fuzzing.TARGETS}
    for name in targets:
        fuzzing.write_seeds(name)
    failed = 0
    # Without a fault nothing may be found; what is found then is no sign of one.
    numbers = arguments.numbers or [-1, *range(len(MUTANTS))]
    for number in numbers:
        name = MUTANTS[number][0] if number >= 0 else "clusters"
        os.environ["FAULT"] = str(number)
        limits = {"max_total_time": arguments.seconds if number >= 0 else 10}
        result = fuzzing.run_worker(
            program, targets[name], limits, f"mutant-{number}", corpus=os.path.join(out, "corpus", name))
        is_found = "does not hold" in result.problem or "ERROR" in result.problem
        told = result.problem.splitlines()[0] if result.problem else "nothing"
        verdict = "ok" if is_found == (number >= 0) else "FAILED"
        failed += verdict == "FAILED"
        print(f"{verdict:7}{number:3} {name}: {result.seconds:.0f} s: {told}", flush=True)
    print(f"{len(numbers) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
