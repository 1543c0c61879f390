package page

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/dossier"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// longFields are those of the dossier that people write sentences into.
var longFields = map[string]bool{"description": true, "steps": true, "error_text": true, "impact": true, "tried": true, "issues": true, "ndr": true,
	"message_trace": true, "other_tenants": true, "critical_function": true}

func longAnswer(key, value string) bool {
	return longFields[key] || strings.Contains(value, "\n") || len(value) > 120
}

// dossierFields are those of the case, or those that the desk's settings answer.
func (e Escalation) dossierFields(ours bool) []dossier.Field {
	return slices.DeleteFunc(slices.Clone(e.Story.Dossier.Fields), func(x dossier.Field) bool { return (x.Who == "desk") != ours })
}

// settingsMissing tells that the desk's own part lacks something.
func (e Escalation) settingsMissing() bool {
	return slices.ContainsFunc(e.Story.Dossier.Missing(), func(x dossier.Field) bool { return x.Who == "desk" }) || e.mine("dossier")
}

// answer is the control of one field, with what was found.
func (e Escalation) answer(ctx context.Context, x dossier.Field) ui.Field {
	c := ui.Field{Name: x.Key, Label: i18n.T(ctx, x.LabelKey()), Value: shown(x.Value), Optional: !x.Needed, More: templ.Attributes{"id": "dossier-" + x.Key}}
	if e.mine("dossier") && e.Form.Typed.Has(x.Key) {
		c.Value, c.Error = shown(e.Form.Typed.Get(x.Key)), problemOf(ctx, e.Form.Problems, x.Key)
	}
	return c
}

// TypedAnswers are what a person changed in a dossier's form: what he left as it was
// found goes on being found.
func TypedAnswers(v url.Values) map[string]string {
	typed := map[string]string{}
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	for name := range v {
		if key, was := strings.CutPrefix(name, "was_"); was && v.Has(key) && plain(v.Get(key)) != plain(v.Get(name)) {
			typed[key] = v.Get(key)
		}
	}
	if v.Has("severity") {
		typed["severity"] = v.Get("severity")
	}
	return typed
}

// maskedList names the kinds of secrets that were covered, each with how many.
func maskedList(p *i18n.Printer, list []dossier.Masked) string {
	var words []string
	for _, m := range list {
		kind := p.T(m.MessageKey())
		words = append(words, p.T("escalation.counted", "What", kind, "Count", p.Number(m.Count)))
	}
	return strings.Join(words, ", ")
}
