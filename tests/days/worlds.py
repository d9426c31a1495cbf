"""The worlds of the simulated days: one table each.

A pair of numbers is a range that a seed draws from. The worlds differ in
numbers, names, address plans, rhythms and log forms, so that a policy cannot
be fitted to one of them. A world is BASE with the rows that it has of its own.
"""

# How likely a person is to log in, by the hour.
EARLY = (0, 0, 0, 0, 0, 1, 4, 9, 12, 12, 10, 9, 7, 8, 9, 8, 8, 7, 5, 4, 3, 2,
         1, 0)
EVENING = (1, 0, 0, 0, 0, 0, 1, 3, 5, 5, 5, 5, 6, 5, 5, 5, 6, 8, 10, 12, 12,
           11, 7, 3)
STUDENTS = (6, 3, 1, 1, 0, 0, 0, 2, 5, 8, 10, 10, 8, 8, 9, 9, 9, 8, 8, 8, 9,
            10, 10, 8)
SHORE = (0, 0, 0, 0, 0, 0, 6, 8, 8, 7, 6, 6, 6, 6, 6, 6, 7, 7, 6, 5, 4, 2, 1,
         0)

FIRST = """anna bert carla dirk elsa frank greta hans inga jan karin lars mona
    nils olga paul ria stefan tina uwe vera wim xenia yves zoe marta pedro lucia
    diego sofia mateo elena hugo irene oscar alba bruno clara felix
    emma""".split()
LAST = """adler becker castro dahl ernst fuchs gomez hahn ibsen jansen koenig
    lopez maier novak olsen peters quint rossi silva torres ulrich vogel weber
    young ziegler brandt costa duran engel ferrer garrido holm iglesias jung
    kruse lange moreno navarro ortiz prieto""".split()
GUESSED = """admin info test office sales support contact postmaster webmaster
    root mail user scan scanner backup service marketing billing noreply hr
    accounts finance jobs news press reception shop printer copier fax ftp
    guest demo orders manager director""".split()

BASE = {
    # the log
    "date": (11, 21), "zone": 60, "style": "rfc3339", "host": "mx1",
    "postfix_text": "UGFzc3dvcmQ6", "postfix_user": True,
    "postfix_outage": "UGFzc3dvcmQ6",
    "smtp_programs": ("submission/smtpd", "smtps/smtpd"),
    "mechs": ("LOGIN", "PLAIN"),
    "dovecot": "2.3", "dovecot_ends": ("Disconnected",),
    "multi": 1, "pam": False,
    "outage_dovecot": "failed", "trouble_lines": True,
    "connect_lines": 0.55,
    # names
    "login_form": "{f}.{l}@{d}", "domains": ("alpha.example", "beta.example"),
    # addresses
    "isp_octets": (31, 46, 77, 79, 84, 91), "isp_nets": (60, 90),
    "bot_octets": (45, 61, 103, 110, 118, 177, 186, 201, 5, 14),
    "carrier_nets": 2, "carriers": (12, 20),
    "v6_share": 0.12, "v6_plan": ("56", "64", "48"), "v6_providers": (3, 5),
    # customers
    "hours": EARLY, "users": 500, "typing_error": 0.03, "again": (0.03, 0.20),
    "retry": (2, 40), "heavy_share": 0.25, "heavy": (20, 80), "light": (2, 9),
    "all_night_share": 0.3, "sends": (0, 5), "pop3_share": 0.2,
    "families": (8, 14), "roamers": (30, 45),
    "office": (30, 60), "office_logins": (4, 25),
    "new": (10, 18), "new_wrong": (1, 4), "new_carrier_share": 0.25,
    "new_form_share": 0.35,
    # PHONE'S PLACE, WHERE THE OTHER DEVICE IS, DOES IT LOG IN AT NIGHT
    "phones": (("home", "same", True), ("home", "same", True),
               ("home", "same", False), ("office", "same", False),
               ("carrier", "home", True)),
    "phone_rhythm": (180, 1800), "phone_jitter": (0, 0.25),
    "phone_double_share": 0.3,
    "changed_rhythm": (400, 2400), "changed_hour": (11.8, 12.3),
    "changed_repair": (2, 7), "changed_elsewhere": False,
    "outage_hour": (9, 17), "outage_minutes": (10, 30), "hectic_share": 0.08,
    # guessers
    "fast": 50, "fast_gap": (1, 20), "fast_guesses": (300, 3000),
    "slow": 150, "slow_gap": (180, 2400),
    "few_share": 0.3, "real_share": (0.1, 0.6),
    "shared_slow": 3, "shared_fast": 1, "shared_night": 0,
    "net24": (20, 60), "net24_gap": (600, 1800),
    "net48": (1000, 5000), "net48_hours": (5, 18),
    "spray": (30, 100), "spray_gap": (600, 3600),
    "botnet": 2000, "botnet_gap": 7200, "botnet_accounts": 20,
    "botnet_roamers": 4, "botnet_start": (0, 3), "botnet_near": 0.02,
    "botnet_smtp": 0.6, "guess_smtp": 0.65,
    # WHO HITS, AFTER HOW MANY GUESSES; DOES THE BOTNET'S ADDRESS HIT AT ONCE
    "crack": ("slow", (3, 8)), "botnet_first": 0.0,
    "crack_more": (3, 8),
}


def world(**own):
    unknown = set(own) - set(BASE)
    assert not unknown, unknown
    return {**BASE, **own}


WORLDS = {
    "plain": world(),
    # Guessers were at the carriers' addresses before any customer was, nobody
    # writes down that the back end is out, and the phone's owner is elsewhere.
    "hard": world(
        date=(11, 5), zone=0, style="bsd", host="post",
        smtp_programs=("submission/smtpd",), mechs=("LOGIN",),
        dovecot_ends=("Aborted login",), trouble_lines=False,
        login_form="{f}{n}@{d}", domains=("gamma.example",),
        isp_octets=(78, 80, 87, 93, 95, 176), isp_nets=(35, 50),
        bot_octets=(78, 80, 87, 36, 41, 58, 113, 122, 190),
        carrier_nets=1, carriers=(10, 14), v6_share=0.2,
        v6_plan=("64", "56"), v6_providers=(2, 3),
        hours=SHORE, all_night_share=0.0, again=(0.15, 0.2),
        roamers=(45, 60), office=(45, 60), new=(18, 25),
        new_wrong=(2, 4), new_carrier_share=0.5,
        phones=(("home", "same", False), ("home", "elsewhere", False),
                ("home", "same", False), ("office", "same", False),
                ("carrier", "home", False)),
        phone_rhythm=(180, 900), phone_double_share=0.6,
        changed_elsewhere=True, changed_rhythm=(240, 1500),
        outage_hour=(6.5, 9), outage_minutes=(20, 30), hectic_share=0.2,
        few_share=0.5, real_share=(0.4, 1.0),
        shared_slow=5, shared_fast=1, shared_night=4,
        botnet_roamers=8, botnet_near=0.10, botnet_smtp=0.5,
        crack=("fast", (2, 5)), botnet_first=0.5),
    # An old Postfix does not say whose password it was; several attempts share
    # a line of Dovecot. What is said about accounts, Dovecot says.
    "isp": world(
        date=(10, 14), zone=0, style="bsd", host="mail3",
        postfix_text="UGFzc3dvcmQ6", postfix_user=False,
        postfix_outage="Connection lost to authentication server",
        smtp_programs=("smtpd", "submission/smtpd"), mechs=("PLAIN", "LOGIN"),
        dovecot_ends=("Disconnected", "Aborted login"), multi=5,
        trouble_lines=False,
        login_form="k{n}@{d}", domains=("delta.example", "delta-net.example"),
        isp_octets=(82, 83, 86, 88), isp_nets=(90, 130),
        bot_octets=(1, 27, 42, 49, 60, 115, 139, 181, 200, 212),
        carrier_nets=3, carriers=(20, 30), v6_share=0.3,
        v6_plan=("56",), v6_providers=(1, 2), hours=EVENING,
        heavy_share=0.35, pop3_share=0.5, again=(0.03, 0.1), families=(15, 25),
        roamers=(30, 40), office=(30, 40), new=(15, 25),
        outage_hour=(17, 21), fast_gap=(1, 8), slow_gap=(240, 2000),
        real_share=(0.05, 0.4), net48_hours=(3, 8), net24=(40, 60),
        botnet_start=(2, 5), botnet_smtp=0.0, guess_smtp=0.5,
        crack=("slow", (2, 12))),
    # Dovecot 2.4 with PAM, whose worker tells of each attempt as well.
    "campus": world(
        date=(11, 12), zone=-300, style="rfc3339", host="imap-a",
        postfix_text="(reason unavailable)",
        postfix_outage="(reason unavailable)",
        smtp_programs=("submission/smtpd", "submissions/smtpd"),
        dovecot="2.4", dovecot_ends=("Connection closed", "Logged out"),
        pam=True, outage_dovecot="temporary", trouble_lines=False,
        connect_lines=0.4,
        login_form="{i}{l}{n}", domains=("uni.example",),
        isp_octets=(24, 47, 50, 66, 68, 71, 98), isp_nets=(100, 140),
        bot_octets=(8, 23, 64, 96, 104, 128, 134, 147, 159, 167),
        v6_share=0.4, v6_plan=("64", "48"), v6_providers=(4, 6),
        hours=STUDENTS, heavy_share=0.3, all_night_share=0.6,
        typing_error=0.03, again=(0.1, 0.2), families=(3, 6),
        roamers=(40, 60), office=(50, 60), office_logins=(8, 30),
        new=(20, 25), new_form_share=0.6,
        outage_hour=(13, 16), hectic_share=0.12,
        spray=(60, 100), spray_gap=(600, 2000), net48=(3000, 5000),
        botnet_start=(4, 7), crack=("fast", (3, 10)), botnet_first=0.3),
    # Small, with short names, and programs that ask often.
    "club": world(
        date=(9, 30), zone=120, style="rfc3339", host="kolibri",
        postfix_text="(reason unavailable)",
        postfix_outage="(reason unavailable)",
        smtp_programs=("smtps/smtpd",), mechs=("PLAIN",),
        dovecot_ends=("Disconnected: Aborted login by logging out",
                      "Disconnected"),
        login_form="{f}-{l}", domains=("verein.example",),
        isp_octets=(89, 92, 94, 109), isp_nets=(25, 35),
        bot_octets=(89, 92, 94, 109, 37, 185, 193, 213),
        carrier_nets=1, carriers=(10, 12), v6_share=0.05,
        heavy_share=0.45, heavy=(40, 80), sends=(0, 2), again=(0.05, 0.15),
        roamers=(30, 35), new=(10, 14), phone_rhythm=(600, 1800),
        fast_gap=(5, 20), slow_gap=(180, 900), few_share=0.6,
        real_share=(0.2, 0.5), shared_slow=2, shared_fast=0,
        net24=(20, 30), net24_gap=(400, 900), spray_gap=(1800, 3600),
        botnet_start=(6, 9), botnet_near=0.08, crack=("slow", (2, 5))),
}
