package dossier

import (
	"regexp"
	"strings"
)

// cards finds numbers of payment cards: those of a network, with its length and its check digit.
func cards(in *searched) []span {
	text := in.text
	var spans []span
	for at := 0; at < len(text); at++ {
		if !digit(text[at]) || at > 0 && partOfNumber(text[at-1]) {
			continue
		}
		if end := cardEnd(text, at); end > 0 {
			spans = append(spans, span{at, end})
			at = end
		}
	}
	return spans
}

// cardEnd is where the longest card number that begins at a place ends; 0 when there is none. Its
// digits may stand in groups.
func cardEnd(text string, from int) int {
	var number []byte
	last := 0
	for i := from; i < len(text) && len(number) < 19; i++ {
		if !digit(text[i]) {
			if gap := gapAt(text[i:]); gap > 0 && i+gap < len(text) && digit(text[i+gap]) {
				i += gap - 1
				continue
			}
			break
		}
		number = append(number, text[i])
		if i+1 < len(text) && (digit(text[i+1]) || wordSign(text[i+1]) && text[i+1] != '-') {
			continue
		}
		if n := string(number); len(n) >= 13 && network(n) && luhn(n) && !requestNumber(text[from:i+1]) {
			last = i + 1
		}
	}
	return last
}

// gapAt is how long a sign between groups of digits is; 0 when there is none.
func gapAt(text string) int {
	for _, gap := range []string{" ", "-", ".", "\u00a0", "\u202f"} {
		if strings.HasPrefix(text, gap) {
			return len(gap)
		}
	}
	return 0
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// partOfNumber says whether the sign before a digit makes it the middle of a longer word.
func partOfNumber(c byte) bool { return wordSign(c) || c == '.' }

// network says whether a card of that beginning has that length (ISO/IEC 7812, as the networks
// publish their ranges).
func network(n string) bool {
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(n, p) {
				return true
			}
		}
		return false
	}
	two := n[:4] >= "2221" && n[:4] <= "2720"
	switch len(n) {
	case 13, 19:
		return has("4") || len(n) == 19 && has("62")
	case 14:
		return has("36", "38", "300", "301", "302", "303", "304", "305")
	case 15:
		return has("34", "37")
	case 16:
		return two || has("4", "51", "52", "53", "54", "55", "35", "62", "65", "6011", "644", "645", "646", "647", "648", "649")
	}
	return false
}

func luhn(n string) bool {
	sum := 0
	for i := range len(n) {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// serviceRequest is how Microsoft numbers its requests today: the day, then a count.
var serviceRequest = regexp.MustCompile(`^2[2-7](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{10}$`)

// requestNumber spares the numbers that support lives by. One that is written in groups is a card.
func requestNumber(written string) bool { return serviceRequest.MatchString(written) }

// ibanLengths are those of the IBAN registry for the countries that desks meet most; others are
// tried at every length.
var ibanLengths = map[string]int{
	"AD": 24, "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HU": 28,
	"IE": 22, "IT": 27, "LI": 21, "LU": 20, "MA": 28, "MC": 27, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "TN": 24,
}

// ibans finds account numbers by their check digits (ISO 13616).
func ibans(in *searched) []span {
	text := in.text
	var spans []span
	for at := 0; at+15 <= len(text); at++ {
		letters := letter(text[at]) && letter(text[at+1]) && digit(text[at+2]) && digit(text[at+3])
		if !letters || at > 0 && (letter(text[at-1]) || digit(text[at-1])) {
			continue
		}
		if to := ibanEnd(text, at); to > 0 {
			spans = append(spans, span{at, to})
			at = to
		}
	}
	return spans
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// ibanEnd is where a right account number that begins at a place ends; 0 when there is none.
func ibanEnd(text string, from int) int {
	var number []byte
	want, last := ibanLengths[strings.ToUpper(text[from:from+2])], 0
	for i, r := range text[from:] {
		switch {
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '-':
			continue
		case '0' <= r && r <= '9', 'A' <= r && r <= 'Z':
			number = append(number, byte(r))
		case 'a' <= r && r <= 'z':
			number = append(number, byte(r-'a'+'A'))
		default:
			return last
		}
		n := len(number)
		if (n == want || want == 0 && n >= 15) && mod97(number) == 1 {
			last = from + i + 1
		}
		if n == 34 || n == want {
			return last
		}
	}
	return last
}

func mod97(number []byte) int {
	rest := 0
	for _, c := range append(append([]byte{}, number[4:]...), number[:4]...) {
		if c <= '9' {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
