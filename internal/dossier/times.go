package dossier

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Parts of the patterns of times. A zone that is named but not known leaves a time ambiguous.
const (
	clock     = `(?P<hour>\d{1,2})(?:[ \x{00A0}\x{202F}]?(?P<h>h)(?:[ \x{00A0}\x{202F}]?(?P<min>\d{2}))?|:(?P<minute>\d{2})(?::(?P<sec>\d{2})(?:[.,]\d{1,9})?)?)(?:[ \x{00A0}\x{202F}]?(?P<half>[AaPp]\.?[Mm]\b\.?))?`
	zoneNamed = `(?:[ \x{00A0}\x{202F}]?\(?(?P<zone>Z\b|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}\b|CES?T\b|[ECMP][SD]T\b|BST\b|IST\b|JST\b|AES?T\b|heure d[e’'] ?\pL+|heure de l’\pL+|\p{Lu}\pL+ time\b|local time\b))?`
	joined    = `(?:,?[ \x{00A0}\x{202F}]+(?:à|at|um|vers|around|about)?[ \x{00A0}\x{202F}]*|,[ ]*|T)`
	months    = `janv(?:ier)?\.?|févr(?:ier)?\.?|mars|avr(?:il)?\.?|mai|juin|juil(?:let)?\.?|août|sept(?:embre|ember)?\.?|oct(?:obre|ober)?\.?|nov(?:embre|ember)?\.?|déc(?:embre)?\.?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep|dec(?:ember)?`
)

// timePattern is a way to write a time, and what it cannot do without, in lower case.
type timePattern struct {
	hints []string
	re    *regexp.Regexp
}

var timePatterns = []timePattern{
	{[]string{"-"}, regexp.MustCompile(`\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ]|` + joined + `)` + clock + zoneNamed)},
	{[]string{"/", ".", "-"}, regexp.MustCompile(`\b(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})[/.-](?P<year>\d{4}|\d{2})` + joined + clock + zoneNamed)},
	{[]string{"an", "f", "mar", "avr", "ap", "ma", "jui", "ju", "ao", "au", "sep", "oct", "nov", "déc", "dec"}, regexp.MustCompile(`(?i)\b(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[ -](?P<name>` + months + `)(?:[ -](?P<year>\d{4}))?` + joined + clock + zoneNamed)},
	{[]string{"an", "f", "mar", "avr", "ap", "ma", "jui", "ju", "ao", "au", "sep", "oct", "nov", "déc", "dec"}, regexp.MustCompile(`(?i)\b(?P<name>` + months + `)[ ](?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?[ ](?P<year>\d{4}))?` + joined + clock + zoneNamed)},
	{[]string{"hier", "aujourd", "ce matin", "ce soir", "cet ", "today", "this ", "yesterday"}, regexp.MustCompile(`(?i)(?:^|[^\pL])(?P<near>aujourd[’']hui|ce matin|cet après-midi|ce soir|hier(?: matin| soir| après-midi)?|today|this morning|this afternoon|this evening|yesterday(?: morning| afternoon| evening)?)` + joined + clock + zoneNamed)},
}

// written is a time as its text gives it, part by part.
type written struct {
	parts    map[string]string
	from, to int
}

// readTimes finds times with their day. Where the day, or the place whose clock it is, is not
// sure, the moment says so and keeps the words.
func readTimes(text string, zone *time.Location, now time.Time, language string) []Moment {
	var moments []Moment
	for line := range strings.SplitSeq(text, "\n") {
		if strings.ContainsAny(line, "0123456789") {
			moments = appendTimes(moments, line, zone, now, language)
		}
	}
	return moments
}

func appendTimes(moments []Moment, text string, zone *time.Location, now time.Time, language string) []Moment {
	for _, w := range writtenTimes(text) {
		m := Moment{Text: strings.TrimSpace(text[w.from:w.to])}
		at, real, sure := w.when(zone, now, language)
		if !real {
			continue
		}
		if m.Ambiguous = !sure; sure {
			m.At = at.UTC()
		}
		m.Label, m.Since = introduced(text[max(0, w.from-40):w.from])
		if len(moments) < maxOfKind && !slices.ContainsFunc(moments, func(o Moment) bool { return o.Text == m.Text }) {
			moments = append(moments, m)
		}
	}
	return moments
}

// writtenTimes are the times of a line, in their order.
func writtenTimes(text string) []written {
	var all []written
	lower := strings.ToLower(text)
	for _, p := range timePatterns {
		if !holdsAny(lower, p.hints) {
			continue
		}
		for _, m := range p.re.FindAllStringSubmatchIndex(text, maxFound) {
			w := written{parts: map[string]string{}, from: m[0], to: m[1]}
			for i, name := range p.re.SubexpNames() {
				if name != "" && m[2*i] >= 0 {
					w.parts[name] = text[m[2*i]:m[2*i+1]]
				}
			}
			if !slices.ContainsFunc(all, func(o written) bool { return w.from < o.to && o.from < w.to }) {
				all = append(all, w)
			}
		}
	}
	slices.SortFunc(all, func(a, b written) int { return a.from - b.from })
	return all
}

var (
	timeLabel = regexp.MustCompile(`(?i)(?:timestamp|horodatage|date|time|heure|zeitstempel|zeit)["']?[ \t\x{00A0}\x{202F}]*[:=][ \t\x{00A0}\x{202F}]*["']?(?:\pL{3,4},[ ])?$`)
	sinceWord = regexp.MustCompile(`(?i)(?:depuis|since|à partir d[ue]|starting|began|started|commencé|débuté|démarré|seit)(?:[ \x{00A0}\x{202F}][\pL’']+){0,3}[ \x{00A0}\x{202F}]*$`)
)

func introduced(before string) (label, since bool) {
	return timeLabel.MatchString(before), sinceWord.MatchString(before)
}

// when is the time that was written. It is not real when there is no such day or hour, and not
// sure when another time can be meant.
func (w written) when(zone *time.Location, now time.Time, language string) (at time.Time, real, sure bool) {
	hour, minute, second, real := w.clock()
	place, known := w.zone(zone)
	if !real {
		return at, false, false
	}
	if place == nil {
		place = time.UTC
	}
	days, real := w.days(now.In(place), language)
	if !real || len(days) == 0 {
		return at, false, false
	}
	at = time.Date(days[0].year, time.Month(days[0].month), days[0].day, hour, minute, second, 0, place)
	return at, true, known && len(days) == 1 && once(at, hour, minute)
}

// once says whether a clock on the wall shows that time, and shows it once: not in the hours that
// summer time skips or repeats.
func once(at time.Time, hour, minute int) bool {
	same := func(o time.Time) bool { return o.Hour() == hour && o.Minute() == minute }
	return same(at) && !same(at.Add(-time.Hour)) && !same(at.Add(time.Hour))
}

func (w written) clock() (hour, minute, second int, real bool) {
	hour, minute, second = atoi(w.parts["hour"]), atoi(w.parts["minute"]+w.parts["min"]), atoi(w.parts["sec"])
	if half := strings.ToLower(w.parts["half"]); half != "" {
		if hour < 1 || hour > 12 {
			return 0, 0, 0, false
		}
		hour %= 12
		if half[0] == 'p' {
			hour += 12
		}
	}
	return hour, minute, second, hour < 24 && minute < 60 && second < 60
}

// zone is whose clock it is: the one that is named, else the given one.
func (w written) zone(given *time.Location) (place *time.Location, known bool) {
	name := strings.ToUpper(w.parts["zone"])
	switch {
	case name == "":
		return given, given != nil
	case name == "Z" || name == "UTC" || name == "GMT":
		return time.UTC, true
	case name == "CET":
		return time.FixedZone(name, 3600), true
	case name == "CEST":
		return time.FixedZone(name, 7200), true
	}
	offset := strings.TrimPrefix(strings.TrimPrefix(name, "UTC"), "GMT")
	if offset[0] != '+' && offset[0] != '-' {
		return given, false
	}
	numbers := onlyDigits(offset)
	hours, minutes := numbers, ""
	if len(numbers) > 2 {
		hours, minutes = numbers[:len(numbers)-2], numbers[len(numbers)-2:]
	}
	seconds := atoi(hours)*3600 + atoi(minutes)*60
	if offset[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds), seconds >= -12*3600 && seconds <= 14*3600
}
