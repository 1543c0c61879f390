package asset

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// papers are the tokens an accent may stand on, with those it must as a shape only.
var papers = []string{"paper", "surface", "sunken", "wash"}

func TestAccentStandsOutOnEveryPaper(t *testing.T) {
	t.Parallel()
	tokens := readTokens(t)
	rapid.Check(t, func(t *rapid.T) {
		hex := fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(t, "colour"))
		css, err := Accent(hex)
		if err != nil {
			t.Fatal(err)
		}
		shapes, words := pair(t, css, "accent"), pair(t, css, "accent-text")
		for theme := range 2 {
			for _, paper := range papers {
				ground := tokens[paper][theme]
				if got := contrast(shapes[theme], ground); got < 3 {
					t.Fatalf("%s: shape on --%s in theme %d is %.2f to 1", hex, paper, theme, got)
				}
				if got := contrast(words[theme], ground); got < 4.5 {
					t.Fatalf("%s: words on --%s in theme %d are %.2f to 1", hex, paper, theme, got)
				}
			}
			if got := contrast(shapes[theme], tokens["ink"][theme]); got < 3 {
				t.Fatalf("%s: shape on --ink in theme %d is %.2f to 1", hex, theme, got)
			}
		}
	})
}

func TestAccentKeepsAColourThatAlreadyFits(t *testing.T) {
	t.Parallel()
	css, err := Accent("#c8571d")
	if err != nil {
		t.Fatal(err)
	}
	if got := round(pair(t, css, "accent")[0]).String(); got != "#c8571d" {
		t.Errorf("light shape is %s, want the colour that was chosen", got)
	}
}

func TestAccentKeepsTheHue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := lch{rapid.Float64Range(.3, .9).Draw(t, "l"), rapid.Float64Range(.08, .2).Draw(t, "c"), rapid.Float64Range(-180, 180).Draw(t, "h")}
		chosen := round(c.rgb())
		css, err := Accent(chosen.String())
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range pair(t, css, "accent-text") {
			turned := got.lch().h - chosen.rgb().lch().h
			if turned = abs(turned); min(turned, 360-turned) > 6 {
				t.Fatalf("%s became %s: hue turned by %.0f°", chosen, round(got), turned)
			}
		}
	})
}

func TestAccentRefusesWhatIsNoColour(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "#", "red", "#12345", "123456", "#12345g", "#1234567", "#fff; } body { display: none"} {
		if css, err := Accent(text); !errors.Is(err, ErrColour) || css != "" {
			t.Errorf("Accent(%q) = %q, %v", text, css, err)
		}
	}
}

func TestConversionComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 0xffffff).Draw(t, "colour")
		want := hexColour{uint8(n >> 16), uint8(n >> 8), uint8(n)}
		if got := round(want.rgb().lch().rgb()); got != want {
			t.Fatalf("%s came back as %s", want, got)
		}
	})
}

var tokenLine = regexp.MustCompile(`--(\w+): light-dark\(oklch\(([\d.]+) ([\d.]+) ([\d.]+)\), oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)\)`)

// readTokens takes the two values of each plain colour from the style sheet itself.
func readTokens(t *testing.T) map[string][2]rgb {
	t.Helper()
	css, err := sources.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string][2]rgb{}
	for _, m := range tokenLine.FindAllStringSubmatch(string(css), -1) {
		var n [6]float64
		for i, text := range m[2:] {
			if n[i], err = strconv.ParseFloat(text, 64); err != nil {
				t.Fatal(err)
			}
		}
		tokens[m[1]] = [2]rgb{lch{n[0], n[1], n[2]}.rgb(), lch{n[3], n[4], n[5]}.rgb()}
	}
	for _, name := range append(papers, "ink") {
		if _, found := tokens[name]; !found {
			t.Fatalf("no --%s in tokens.css", name)
		}
	}
	return tokens
}

// pair is the light and the dark value of one property of an accent sheet.
func pair(t interface{ Fatalf(string, ...any) }, css, property string) [2]rgb {
	m := regexp.MustCompile(`--` + property + `: light-dark\((#\w{6}), (#\w{6})\)`).FindStringSubmatch(css)
	if m == nil {
		t.Fatalf("no --%s in %q", property, css)
	}
	var colours [2]rgb
	for i, hex := range m[1:] {
		c, err := parseHex(hex)
		if err != nil {
			t.Fatalf("%v", err)
		}
		colours[i] = c
	}
	return colours
}

func abs(x float64) float64 { return max(x, -x) }
