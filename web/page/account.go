package page

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// AccountForm is what a person says about himself.
type AccountForm struct {
	desk.Preferences
	Problems desk.Problems
}

// AccountFormOf is the form as the person stands.
func AccountFormOf(p desk.Person) AccountForm {
	return AccountForm{Preferences: desk.Preferences{Language: p.Language, Zone: p.Zone, KeysOff: p.KeysOff, Letters: p.Letters}}
}

// whens are the choices that a topic leaves.
func whens(ctx context.Context, t desk.LetterTopic) (options []ui.Option) {
	for _, w := range t.Whens() {
		options = append(options, ui.Option{Value: string(w), Text: i18n.T(ctx, "mailout.when."+string(w))})
	}
	return options
}

type sign struct{ in, name string }

// Browsers carry each other's names, so the one that only its own kind has is
// looked for first (MDN, "Browser detection using the user agent").
var (
	browsers = []sign{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"FxiOS/", "Firefox"},
		{"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systems = []sign{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"},
		{"Windows", "Windows"}, {"Macintosh", "macOS"}, {"Linux", "Linux"}}
)

// device says what a session runs on as its owner would: browser and system
// where both are plain from the User-Agent, else how it begins.
func device(ctx context.Context, agent string) string {
	browser, system := firstIn(agent, browsers), firstIn(agent, systems)
	switch {
	case browser != "" && system != "":
		return i18n.T(ctx, "account.device", "Browser", browser, "System", system)
	case strings.TrimSpace(agent) == "":
		return i18n.T(ctx, "account.device_unknown")
	}
	const most = 40
	start := []rune(shown(agent))
	if len(start) <= most {
		return string(start)
	}
	return string(start[:most]) + "…"
}

func firstIn(agent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(agent, s.in) {
			return s.name
		}
	}
	return ""
}
