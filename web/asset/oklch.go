package asset

import "math"

// lch is a colour in OKLCH: lightness 0 to 1, chroma, hue in degrees. Changing
// its lightness alone keeps the colour the same colour to the eye.
type lch struct{ l, c, h float64 }

// rgb is a colour in gamma-encoded sRGB, each part 0 to 1.
type rgb struct{ r, g, b float64 }

// lch converts by way of OKLab; the matrices are Björn Ottosson's
// (https://bottosson.github.io/posts/oklab/), as CSS Color 4 §10 uses them.
func (c rgb) lch() lch {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	a := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	bb := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return lch{
		l: 0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		c: math.Hypot(a, bb),
		h: math.Atan2(bb, a) * 180 / math.Pi,
	}
}

// raw converts without regard to what a screen can show; parts may leave 0 to 1.
func (c lch) raw() rgb {
	sin, cos := math.Sincos(c.h * math.Pi / 180)
	a, b := c.c*cos, c.c*sin
	l := cube(c.l + 0.3963377774*a + 0.2158037573*b)
	m := cube(c.l - 0.1055613458*a - 0.0638541728*b)
	s := cube(c.l - 0.0894841775*a - 1.2914855480*b)
	return rgb{
		r: encoded(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		g: encoded(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		b: encoded(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
}

// rgb converts to a colour that a screen can show, taking away just as much
// chroma as does not fit.
func (c lch) rgb() rgb {
	if got := c.raw(); got.inGamut() {
		return got
	}
	low, high := 0.0, c.c
	for range 24 {
		middle := (low + high) / 2
		if (lch{c.l, middle, c.h}).raw().inGamut() {
			low = middle
		} else {
			high = middle
		}
	}
	return lch{c.l, low, c.h}.raw().clamped()
}

func (c rgb) inGamut() bool {
	const slack = 1e-4
	for _, part := range []float64{c.r, c.g, c.b} {
		if part < -slack || part > 1+slack || math.IsNaN(part) {
			return false
		}
	}
	return true
}

func (c rgb) clamped() rgb {
	clamp := func(part float64) float64 { return min(max(part, 0), 1) }
	return rgb{clamp(c.r), clamp(c.g), clamp(c.b)}
}

// luminance is WCAG 2.2's relative luminance, 0 to 1.
func (c rgb) luminance() float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// contrast is WCAG 2.2's contrast ratio, 1 to 21, whichever colour is lighter.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// linear and encoded are the two directions of the sRGB transfer curve.
func linear(part float64) float64 {
	if part <= 0.04045 {
		return part / 12.92
	}
	return math.Pow((part+0.055)/1.055, 2.4)
}

func encoded(part float64) float64 {
	if part <= 0.0031308 {
		return part * 12.92
	}
	return 1.055*math.Pow(part, 1/2.4) - 0.055
}

func cube(x float64) float64 { return x * x * x }
