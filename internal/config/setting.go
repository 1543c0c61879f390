package config

import (
	"reflect"
	"slices"
)

// Setting documents one environment variable.
type Setting struct {
	Name    string
	Default string // empty when there is none
	Meaning string // one English sentence without its full stop
	Example string // a value to imitate; for a secret, how to come by one
	Secret  bool   // also read from Name_FILE

	field string
}

// Describe lists every setting, in the order in which Config declares them.
func Describe() []Setting {
	t := reflect.TypeFor[Config]()
	settings := make([]Setting, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		settings = append(settings, Setting{
			Name:    f.Tag.Get("env"),
			Default: f.Tag.Get("envDefault"),
			Meaning: f.Tag.Get("means"),
			Example: f.Tag.Get("example"),
			Secret:  f.Type == reflect.TypeFor[Secret]() || f.Type == reflect.TypeFor[Key](),
			field:   f.Name,
		})
	}
	return settings
}

// Known reports whether name is a setting, or the NAME_FILE form of a secret.
func Known(name string) bool {
	return slices.ContainsFunc(Describe(), func(s Setting) bool {
		return name == s.Name || s.Secret && name == s.Name+"_FILE"
	})
}

func settingNamed(name string) Setting {
	return findSetting(func(s Setting) bool { return s.Name == name })
}

func settingOfField(field string) Setting {
	return findSetting(func(s Setting) bool { return s.field == field })
}

func findSetting(match func(Setting) bool) Setting {
	settings := Describe()
	return settings[slices.IndexFunc(settings, match)]
}

func (s Setting) mend() string {
	if s.Example == "" {
		return "it is: " + s.Meaning
	}
	return "give " + s.Example
}
