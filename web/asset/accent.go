package asset

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrColour says that a text is no colour of the form #rrggbb or #rgb.
var ErrColour = errors.New("accent.not_a_colour")

// ground is what an accent must stand out from, in one theme. The values are
// those of css/tokens.css: the plainest paper and the tint that comes nearest
// to the accent, and the ink of the bar and the arch.
type ground struct{ paper, tint, ink lch }

var (
	lightGround = ground{paper: lch{1, 0, 0}, tint: lch{.955, .009, 275}, ink: lch{.285, .075, 270}}
	darkGround  = ground{paper: lch{.165, .02, 268}, tint: lch{.285, .035, 270}, ink: lch{.15, .03, 270}}
)

// The least contrasts of WCAG 2.2: of a shape that means something (1.4.11)
// and of words (1.4.3).
const (
	shapeContrast = 3.0
	wordContrast  = 4.5
)

// Accent is the style sheet of a desk's own colour: --accent for shapes and
// --accent-text for words, in both themes. hex is "#rrggbb" or "#rgb". A colour
// that would be lost on our papers is made darker or lighter, just as much as
// is needed; its hue stays.
func Accent(hex string) (css string, err error) {
	chosen, err := parseHex(hex)
	if err != nil {
		return "", err
	}
	c := chosen.lch()
	return fmt.Sprintf(":root { --accent: light-dark(%s, %s); --accent-text: light-dark(%s, %s); }\n",
		nearest(c, lightGround.shows), nearest(c, darkGround.shows),
		nearest(c, lightGround.reads), nearest(c, darkGround.reads)), nil
}

// shows tells whether a shape in this colour is seen on every ground.
func (g ground) shows(c rgb) bool {
	return g.least(c) >= shapeContrast && contrast(c, g.ink.rgb()) >= shapeContrast
}

// reads tells whether words in this colour are read on paper and on a tint.
func (g ground) reads(c rgb) bool { return g.least(c) >= wordContrast }

func (g ground) least(c rgb) float64 {
	return min(contrast(c, g.paper.rgb()), contrast(c, g.tint.rgb()))
}

// nearest is the colour that fits and whose lightness is closest to c's.
func nearest(c lch, fits func(rgb) bool) hexColour {
	const step = 0.004
	for away := 0.0; away <= 1; away += step {
		for _, l := range []float64{c.l + away, c.l - away} {
			if l < 0 || l > 1 {
				continue
			}
			if hex := round(lch{l, c.c, c.h}.rgb()); fits(hex.rgb()) {
				return hex
			}
		}
	}
	panic("asset: no lightness fits") // the grounds leave room for every hue: see the property test
}

// hexColour is a colour as it is sent: three bytes. Contrast is judged on
// these, not on what they were rounded from.
type hexColour [3]uint8

func round(c rgb) hexColour {
	part := func(x float64) uint8 { return uint8(math.Round(min(max(x, 0), 1) * 255)) }
	return hexColour{part(c.r), part(c.g), part(c.b)}
}

func (h hexColour) rgb() rgb {
	return rgb{float64(h[0]) / 255, float64(h[1]) / 255, float64(h[2]) / 255}
}

func (h hexColour) String() string { return fmt.Sprintf("#%02x%02x%02x", h[0], h[1], h[2]) }

func parseHex(hex string) (rgb, error) {
	digits, found := strings.CutPrefix(strings.TrimSpace(hex), "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if !found || len(digits) != 6 || err != nil {
		return rgb{}, fmt.Errorf("%w: %q", ErrColour, hex)
	}
	return hexColour{uint8(n >> 16), uint8(n >> 8), uint8(n)}.rgb(), nil
}
