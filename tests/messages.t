#!/usr/bin/perl
# messages: what omsaslban(8) quotes is what the module prints. Each message
# of the manual stands in the source, and each message about a jail that the
# source prints stands in the manual.
use strict;
use warnings;

my $srcdir = $ENV{srcdir} || '.';
my ($tests, $failed) = (0, 0);

sub ok {
	my ($good, $title) = @_;

	$tests++;
	$failed++ unless $good;
	print $good ? 'ok' : 'not ok', " $tests - $title\n";
}

sub slurp {
	my ($file) = @_;

	open(my $f, '<', $file) or die "$file: $!\n";
	local $/;
	return <$f>;
}

# Without comments, of which a string may hold the beginning.
sub code {
	return $_[0] =~ s{("(?:[^"\\\n]|\\.)*")|/\*.*?\*/}{$1 // ''}gser;
}

# Every run of string literals that holds a blank, as one text; what printf
# fills in is a percent sign. Where the source ends a literal for a
# conversion's macro, as PRIu64, the conversion is made whole first.
sub texts {
	my ($source) = @_;
	my @texts;

	$source = code($source);
	$source =~ s/%"\s*PRI\w+\s*"/%d/g;
	# A quote is one character, too.
	while ($source =~ /'(?:[^'\\\n]|\\.)'|((?:"(?:[^"\\\n]|\\.)*"\s*)+)/g) {
		next unless defined $1;
		my $text = join '', $1 =~ /"((?:[^"\\]|\\.)*)"/g;

		$text =~ s/%%/ per cent/g;
		$text =~ s/%[-.*0-9]*(?:ll|l|z)?[sducx]/%/g;
		push @texts, $text if $text =~ / /;
	}
	return @texts;
}

# The pieces of a message that stand between what is filled in, but for those
# of less than two words. In the manual a word in capitals is filled in, an
# ellipsis stands for the rest, and so do endings that differ with a number.
my $filled = qr/'?\b(?:A|D|DIRECTION|DURATION|F|FILE|IPvN|J|LADDER|LINE|M|N|NAME|OPTION|P|PATH
	|R|REASON|S|T|TEXT|U|V|WHO|WHY)\b'?|\.\.\.|%|\bcannot\b|\b(?:is|are|them)\b
	|(?<=entr)ies\b|(?<=ban)s\b|(?<=connection)s\b|(?<=event)s\b
	|(?<=failure)s\b|(?<=rule)s\b|(?<=time)s\b|(?<=word)s\b
	|(?<=address)es\b/x;

sub pieces {
	my @pieces = split $filled, $_[0];

	s/^[\s:;,.()']+|[\s:;,.()']+$//g for @pieces;
	return grep { / / } @pieces;
}

my $manual = slurp("$srcdir/docs/omsaslban.8");
my ($diagnostics) = $manual =~ /^\.Sh DIAGNOSTICS\n(.*?)^\.Sh /ms;
# What rsyslog says itself is rsyslog's.
$diagnostics =~ s/^(?:\.It "[^\n]*\n)+rsyslog's own words\.//mg;
my @quotes = $diagnostics =~ /^\.It "(.*)"$/mg;
ok(@quotes > 40, 'the manual quotes messages');

my $printed = join "\n", map { texts(slurp($_)) } glob("$srcdir/plugin/*/*.c");
for my $quote (@quotes) {
	for my $piece (pieces($quote =~ s/^jail J: //r =~ s/\\-/-/gr)) {
		ok(index($printed, $piece) >= 0, "is printed: $piece");
	}
}

# What the engine reports: report(..., LEVEL, "..."), report_ban(..., "..."), and
# the same with an event: events_tell, events_ban.
for my $file (glob("$srcdir/plugin/engine/*.c")) {
	my $source = code(slurp($file));

	while ($source =~ /\b(?:report(?:_ban)?|events_(?:tell|ban))\(([^;]*?)\);/gs) {
		for my $piece (map { pieces($_) } texts($1)) {
			# Where the manual has `...`, it has the beginning.
			my ($first) = $piece =~ /^(\S+ \S+)/;

			ok(index($diagnostics, $first) >= 0,
				"is in the manual: $first");
		}
	}
}

print "1..$tests\n";
exit($failed > 0);
