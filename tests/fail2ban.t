#!/usr/bin/python3
"""fail2ban's own mail filters on fail2ban's own annotated lines.

Loads the filters of the installed fail2ban package unchanged, runs the test
logs of the same package, and compares verdict and address with what is
annotated there. Nothing of fail2ban is in this tree. The package may also be
unpacked in fail2ban/ of the build directory (tools/prepare --tests).
"""
import glob
import ipaddress
import json
import os
import re
import subprocess
import sys

FILTERS = """
    assp courier-auth courier-smtp cyrus-imap domino-smtp dovecot exim
    exim-spam horde kerio openwebmail oracleims pam-generic perdition postfix
    qmail roundcube-auth sendmail-auth sendmail-reject sieve sogo-auth
    solid-pop3d squirrelmail uwimap-auth
""".split()

# Annotations that can hold in fail2ban only, and why. What we answer to such a
# line is `none`, and that is tested.
NO_ADDRESS = "a host name: names are not looked up"
SPECIAL = "a loopback or unspecified address: nobody's to ban"

root = os.path.join(os.environ.get("builddir", "build"), "fail2ban")
if not os.path.isdir(root):
    root = ""
conf = root + "/etc/fail2ban/filter.d"
logs = glob.glob(root + "/usr/lib/python3/dist-packages/fail2ban/tests/files/logs")
judge = os.path.join(os.environ.get("builddir", "build"), "tests/judge")
BYTES = dict(encoding="utf-8", errors="surrogateescape")


def spec_of(name, options):
    words = [f'{k}="{v}"' for k, v in options.items()
             if not k.startswith("test.")]
    return name + ("[" + ",".join(words) + "]" if words else "")


def sections(name):
    """Yields (spec, [(note, line)]) in the order of the file."""
    files, common, specs, note, out = [name], {}, None, None, {}
    for file in files:
        path = os.path.join(logs[0], file)
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
                for spec in specs or [name]:
                    out.setdefault(spec, []).append((note or {}, line))
                note = None
    return out


def as_record(line):
    """What comes from the journal has no date in front: host and text."""
    host, _, text = line.partition(" ")
    return host + "\x1f" + text


def run(specs, lines):
    lines = [line.rstrip("\r\n") for _, line in lines]
    if 'logtype="journal"' in specs[0]:
        lines = [as_record(line) for line in lines]
    text = "".join(line + "\n" for line in lines)
    p = subprocess.run([judge, conf, *specs], input=text, capture_output=True,
                       timeout=60, **BYTES)
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


def check(name, spec, lines, only_there):
    status, answers, errors = run([spec], lines)
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


def check_together():
    """All filters at once: what one of them takes is taken. (Who takes it may
    be another one: pam-generic reads every program's lines.)"""
    lines = [(note, line) for name in FILTERS
             if os.path.exists(os.path.join(logs[0], name))
             for note, line in sections(name).get(name, [])]
    status, answers, errors = run(FILTERS, lines)
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


def main():
    if not os.path.isdir(conf) or not logs:
        print("1..0 # SKIP the package fail2ban is not installed")
        return 0
    n, failed, seen = 0, 0, {}
    for name in FILTERS:
        has_log = os.path.exists(os.path.join(logs[0], name))
        for spec, lines in (sections(name) if has_log else {name: []}).items():
            n += 1
            bad = check(name, spec, lines, seen)
            failed += bool(bad)
            for words in bad:
                print("# " + words.encode("utf-8", "replace").decode())
            print(f"{'not ' if bad else ''}ok {n} - {spec}: "
                  f"{len(lines)} lines as annotated")
    bad, lines = check_together()
    n += 1
    failed += bool(bad)
    for words in bad:
        print("# " + words.encode("utf-8", "replace").decode())
    print(f"{'not ' if bad else ''}ok {n} - all in one jail: {lines} lines")
    for (name, reason), times in seen.items():
        print(f"# {name}: {times} annotated otherwise: {reason}")
    print(f"1..{n}")
    return failed > 0


sys.exit(main())
