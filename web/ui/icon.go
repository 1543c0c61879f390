package ui

import (
	"github.com/a-h/templ"

	"guichet/web/asset"
)

func iconHref(name string) string { return asset.Path("icons.svg") + "#i-" + name }

func logoHref() string { return asset.Path("icons.svg") + "#logo" }

// current marks the chosen one of several: "page", "step", "true", "date".
func current(yes bool, kind string) templ.Attributes {
	if !yes {
		return nil
	}
	return templ.Attributes{"aria-current": kind}
}

// tone gives a part its colours; without one the part stays neutral.
func tone(name string) templ.Attributes {
	if name == "" {
		return nil
	}
	return templ.Attributes{"data-tone": name}
}
