package journey

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The two widths that every page is made for, in CSS pixels.
const (
	Desktop = 1280
	Phone   = 390
)

// A View is how a person looks at the portal. The zero View is a light desktop
// in French with JavaScript.
type View struct {
	Width        int // CSS pixels: Desktop or Phone, as a rule; 0 is Desktop
	Height       int // 0 is what such a screen has
	Dark         bool
	NoScript     bool
	ForcedColors bool   // the few colours that the reader's system allows
	Print        bool   // as it leaves the printer
	Language     string // Accept-Language; empty is fr
}

func (v View) String() string {
	words := []string{fmt.Sprint(v.width()), "light", "script", v.language()}
	if v.Dark {
		words[1] = "dark"
	}
	if v.NoScript {
		words[2] = "noscript"
	}
	if v.ForcedColors {
		words[1] = "forced"
	}
	if v.Print {
		words[1] = "print"
	}
	return strings.Join(words, "-")
}

// Views are the ways in which a page that matters is looked at.
func Views() []View {
	return []View{{}, {Width: Phone, Dark: true}, {Width: Phone, NoScript: true}, {Dark: true, Language: "en"}}
}

func (v View) width() int {
	if v.Width == 0 {
		return Desktop
	}
	return v.Width
}

func (v View) height() int {
	switch {
	case v.Height != 0:
		return v.Height
	case v.width() <= Phone:
		return 844
	}
	return 900
}

func (v View) language() string {
	if v.Language == "" {
		return "fr"
	}
	return v.Language
}

// emulate makes a tab look this way; what is as it was before is not said again,
// since each word has the whole page laid out anew.
func (v View) emulate(before *View) chromedp.Action[chromedp.Void] {
	var steps []chromedp.Action[chromedp.Void]
	if before == nil || v.width() != before.width() || v.height() != before.height() {
		steps = append(steps, chromedp.EmulateViewport(int64(v.width()), int64(v.height())))
	}
	if before == nil || v.language() != before.language() {
		steps = append(steps, command(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": v.language()}}))
	}
	if before == nil || v.Print != before.Print || v.Dark != before.Dark || v.ForcedColors != before.ForcedColors {
		steps = append(steps, v.media())
	}
	if before == nil || v.NoScript != before.NoScript {
		steps = append(steps, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript}))
	}
	return chromedp.Steps(steps...)
}

func (v View) media() chromedp.Action[chromedp.Void] {
	media, theme, colors := "screen", "light", "none"
	if v.Print {
		media = "print"
	}
	if v.Dark {
		theme = "dark"
	}
	if v.ForcedColors {
		colors = "active"
	}
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media,
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: theme}, {Name: "forced-colors", Value: colors},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // a test does not wait for pages to fade
		},
	})
}

// command makes an action of a protocol command whose result says nothing.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, c, params)
		return err
	})
}
