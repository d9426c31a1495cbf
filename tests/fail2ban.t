#!/usr/bin/python3
"""fail2ban's own mail filters on fail2ban's own annotated lines.

    tests/fail2ban.t [DIRECTORY...]

Loads the filters of a fail2ban unchanged, runs the test lines that come with
it, as lines of a log file that rsyslogd reads, and compares verdict and address
with what is annotated there. Nothing of fail2ban is in this tree. A DIRECTORY
is an unpacked package or a tree of its sources; without one, it is the two
packages that `tools/prepare --tests` unpacks in the build directory: the
distribution's own, and the newest one of its archive.
"""
import ipaddress
import json
import os
import re
import subprocess
import sys

FILTERS = """
    assp courier-auth courier-smtp cyrus-imap directadmin domino-smtp dovecot
    exim exim-spam groupoffice horde kerio openwebmail oracleims pam-generic perdition postfix
    qmail roundcube-auth sendmail-auth sendmail-reject sieve sogo-auth
    solid-pop3d squirrelmail uwimap-auth
""".split()

# Annotations that can hold in fail2ban only, and why. What we answer to such a
# line is `none`, and that is tested.
NO_ADDRESS = "a host name: names are not looked up"
SPECIAL = "a loopback or unspecified address: nobody's to ban"

build = os.environ.get("builddir", "build")
judge = os.path.join(build, "tests/judge")
strict = bool(os.environ.get("SASLBAN_STRICT"))
TAG = "log" # of the file that the lines stand in
BYTES = dict(encoding="utf-8", errors="surrogateescape")


class Release:
    """One fail2ban: where its filters and its annotated lines are."""

    LAYOUTS = (("etc/fail2ban", "usr/lib/python3/dist-packages/fail2ban"),
               ("config", "fail2ban"))

    def __init__(self, root):
        self.root = root
        for conf, code in self.LAYOUTS:
            self.conf = os.path.join(root, conf, "filter.d")
            self.logs = os.path.join(root, code, "tests/files/logs")
            if os.path.isdir(self.conf) and os.path.isdir(self.logs):
                break
        else:
            sys.exit(f"Bail out! no filters and test lines in '{root}'")
        with open(os.path.join(root, code, "version.py")) as file:
            self.version = re.search('^version = "(.+)"', file.read(),
                                     re.M).group(1)

    def has_log(self, name):
        return os.path.exists(os.path.join(self.logs, name))


def spec_of(name, options):
    words = [f'{k}="{v}"' for k, v in options.items()
             if not k.startswith("test.")]
    return f"{name}[{','.join(words + ['file=' + TAG])}]"


def sections(release, name):
    """Yields (spec, [(note, line)]) in the order of the file."""
    files, common, specs, note, out = [name], {}, None, None, {}
    for file in files:
        path = os.path.join(release.logs, file)
        for line in open(path, newline="\n", **BYTES):
            m = re.match("^#+ ?(failJSON|fileOptions|filterOptions|addFILE):(.+)$",
                         line)
            if m:
                data = json.loads(m.group(2))
                if m.group(1) == "fileOptions":
                    common = data
                elif m.group(1) == "addFILE":
                    files.append(data)
                elif m.group(1) == "filterOptions":
                    data = data if isinstance(data, list) else [data]
                    specs = [spec_of(name, {**common, **d}) for d in data]
                else:
                    note = data
            elif note is not None or (not line.startswith("#")
                                      and line.strip()):
                for spec in specs or [spec_of(name, {})]:
                    out.setdefault(spec, []).append((note or {}, line))
                note = None
    return out


def record(line, journal):
    """As rsyslogd has it. What comes from the journal has no date in front:
    host and text. Anything else is a file's line."""
    host, _, text = line.rstrip("\r\n").partition(" ")
    if journal:
        return f"{host}\x1f{text}\n"
    return f"here\x1f{TAG}: " + line.rstrip("\r\n") + "\n"


def run(release, specs, lines):
    journal = 'logtype="journal"' in specs[0]
    if journal: # it has no files
        specs = [spec.replace("file=" + TAG, "") for spec in specs]
    text = "".join(record(line, journal) for _, line in lines)
    p = subprocess.run([judge, release.conf, *specs], input=text,
                       capture_output=True, timeout=60, **BYTES)
    return p.returncode, p.stdout.split("\n")[:-1], p.stderr


def expectation(note):
    """(verdict, address, reason why it is not the annotated one)"""
    if not note.get("match"):
        return "none", None, None
    host = note.get("host")
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return "none", None, NO_ADDRESS
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback or ip.is_unspecified:
        return "none", None, SPECIAL
    return "fail", str(ip), None


def check(release, name, spec, lines, only_there):
    status, answers, errors = run(release, [spec], lines)
    bad = [errors.strip()] if status != 0 or errors else []
    if status != 0:
        return bad
    if len(answers) != len(lines):
        bad.append(f"{len(lines)} lines, {len(answers)} answers")
    for (note, line), answer in zip(lines, answers):
        verdict, ip, count, rule, user = answer.split("\t", 4)
        wanted, address, reason = expectation(note)
        if reason is not None:
            only_there[name, reason] = only_there.get((name, reason), 0) + 1
        if (verdict != wanted or (address is not None and address != ip)
                or ("user" in note and note["user"] != user
                    and wanted == "fail")):
            bad.append(f"expected {wanted} {address} {note.get('user', '')}, "
                       f"got {verdict} {ip} {user} by {rule}: "
                       f"{line.strip()[:300]}")
    return bad


def check_together(release):
    """All filters at once: what one of them takes is taken. (Who takes it may
    be another one: pam-generic reads every program's lines.)"""
    specs = [spec_of(name, {}) for name in FILTERS]
    lines = [(note, line) for name, spec in zip(FILTERS, specs)
             if release.has_log(name)
             for note, line in sections(release, name).get(spec, [])]
    status, answers, errors = run(release, specs, lines)
    if status != 0 or errors:
        return [errors.strip()], 0
    bad = []
    for (note, line), answer in zip(lines, answers):
        verdict, ip = answer.split("\t")[:2]
        wanted, address, _ = expectation(note)
        if wanted == "fail" and (verdict, ip) != (wanted, address):
            bad.append(f"expected {address}, got {verdict} {ip}: "
                       f"{line.strip()[:300]}")
    return bad, len(lines)


class Report:
    """TAP, as it comes."""

    def __init__(self):
        self.n = self.failed = 0

    def say(self, bad, title):
        self.n += 1
        self.failed += bool(bad)
        for words in bad:
            print("# " + words.encode("utf-8", "replace").decode())
        print(f"{'not ' if bad else ''}ok {self.n} - {title}")


def examine(release, report):
    seen, total = {}, 0
    for name in FILTERS:
        has_log = release.has_log(name)
        found = (sections(release, name) if has_log
                 else {spec_of(name, {}): []})
        if has_log and not any(note.get("match") for lines in found.values()
                               for note, _ in lines):
            report.say(["no annotated failure was found in its file"],
                       f"{release.version} {name}: read")
        for spec, lines in found.items():
            total += len(lines)
            report.say(check(release, name, spec, lines, seen),
                       f"{release.version} {spec}: {len(lines)} lines as "
                       "annotated")
    bad, lines = check_together(release)
    report.say(bad, f"{release.version} all in one jail: {lines} lines")
    print(f"# fail2ban {release.version}: {total} lines")
    for (name, reason), times in seen.items():
        print(f"# {name}: {times} annotated otherwise: {reason}")


def main():
    report = Report()
    for root in sys.argv[1:] or [os.path.join(build, "fail2ban"),
                                 os.path.join(build, "fail2ban-newest")]:
        if sys.argv[1:] or os.path.isdir(root):
            examine(Release(root), report)
        elif strict:
            report.say([f"'{root}' is missing: tools/prepare --tests"],
                       os.path.basename(root))
        else:
            print(f"# skipped: '{root}' is missing: tools/prepare --tests")
    if report.n == 0:
        print("1..0 # SKIP fail2ban is not unpacked")
    else:
        print(f"1..{report.n}")
    return report.failed > 0


sys.exit(main())
