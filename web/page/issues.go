package page

import (
	"context"
	"net/url"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// IssueList is a page of known issues with what was typed into its forms.
type IssueList struct {
	desk.IssueList
	Note     NoteForm
	Problems desk.Problems // of the note
}

// NoteForm is a note on the public status page, as typed.
type NoteForm struct{ Fr, En string }

// href is another part of the list.
func (l IssueList) href(f Frame, change func(*desk.IssueFilter)) string {
	filter := l.Filter
	filter.After = desk.Cursor{}
	change(&filter)
	q := url.Values{}
	for name, value := range map[string]string{"tab": filter.Tab, "service": filter.Service, "source": filter.Source, "after": filter.After.String()} {
		if value != "" && (name != "tab" || value != desk.TabOpen) {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return f.Href("/issues")
	}
	return f.Href("/issues?" + q.Encode())
}

// then names the time that a list shows beside the beginning.
func (l IssueList) then() string {
	if l.Filter.Tab == desk.TabOver {
		return "issues.ended"
	}
	return "issues.next"
}

func (l IssueList) tabs(ctx context.Context, f Frame) []ui.NavItem {
	var items []ui.NavItem
	for _, tab := range []string{desk.TabOpen, desk.TabOver, desk.TabMessages} {
		items = append(items, ui.NavItem{Text: i18n.T(ctx, "issues.tab."+tab), Current: l.Filter.Tab == tab,
			Href: l.href(f, func(x *desk.IssueFilter) { *x = desk.IssueFilter{Tab: tab} })})
	}
	return items
}

// serviceOptions are those with an open issue, and the one that is chosen.
func (l IssueList) serviceOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "issues.every_service")}}
	found := l.Filter.Service == ""
	for _, s := range l.Services {
		found = found || s == l.Filter.Service
		options = append(options, ui.Option{Value: s, Text: serviceName(i18n.From(ctx), s)})
	}
	if !found {
		options = append(options, ui.Option{Value: l.Filter.Service, Text: shown(l.Filter.Service)})
	}
	return options
}

func (l IssueList) sourceOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "issues.every_source")}}
	for _, s := range []string{desk.FromGraph, desk.FromAzure, desk.FromHand} {
		options = append(options, ui.Option{Value: s, Text: i18n.T(ctx, "issues.source."+s)})
	}
	return options
}

// issueLooks are the tone and the sign of a status; the word is in the catalogue.
var issueLooks = map[string][2]string{
	"investigating": {"info", "search"}, "confirmed": {"info", "search"}, "reported": {"info", "search"}, "active": {"warn", "alert"},
	"servicedegradation": {"warn", "alert"}, "serviceinterruption": {"bad", "stop"}, "restoringservice": {"info", "turn"},
	"verifyingservice": {"info", "eye"}, "extendedrecovery": {"info", "clock"}, "investigationsuspended": {"warn", "ask"},
	"servicerestored": {"ok", "check"}, "serviceoperational": {"ok", "check"}, "postincidentreviewpublished": {"ok", "doc"},
	"falsepositive": {"", "cross"}, "resolved": {"ok", "check"}, "resolvedexternal": {"ok", "check"}, "resolve": {"ok", "check"},
	"mitigated": {"ok", "check"}, "mitigatedexternal": {"ok", "check"}, "archived": {"ok", "check"},
}

// statusLook is how a publisher's status is shown; one that is not known is shown
// as it stands.
func statusLook(ctx context.Context, i desk.Issue) (tone, icon, text string) {
	if look, ok := issueLooks[i.Status]; ok {
		return look[0], look[1], i18n.T(ctx, "issues.status."+i.Status)
	}
	if i.Over {
		return "ok", "check", i18n.T(ctx, "issues.status.resolved")
	}
	if i.Status == "" {
		return "warn", "alert", i18n.T(ctx, "issues.status.active")
	}
	return "warn", "alert", i18n.T(ctx, "issues.status_unknown", "Status", shown(i.Status))
}

// unseenAfter is when an open issue that is no longer told of is shown as such:
// the quietest tenant is asked every quarter of an hour.
const unseenAfter = time.Hour

func unseen(ctx context.Context, i desk.Issue) bool {
	return !i.Over && i.Source != desk.FromHand && i.Kind == desk.IssueKind && i18n.From(ctx).Now().Sub(i.SeenAt) > unseenAfter
}

// nextWord is the sooner of what the partner and the publisher promised to say,
// of what is still to come; nil for none.
func nextWord(ctx context.Context, i desk.Issue) *time.Time {
	var next *time.Time
	for _, at := range []*time.Time{i.WordAt, i.NextAt} {
		if at != nil && at.After(i18n.From(ctx).Now()) && (next == nil || at.Before(*next)) {
			next = at
		}
	}
	return next
}

func touchedWord(ctx context.Context, r desk.IssueRow) string {
	if r.Everyone {
		return i18n.T(ctx, "issues.everyone")
	}
	return counted(ctx, r.Touched)
}

// counted is a number that was counted up to a limit.
func counted(ctx context.Context, n int) string {
	p := i18n.From(ctx)
	if n >= desk.MostCounted {
		return p.T("issues.at_least", "Count", p.Number(n))
	}
	return p.Number(n)
}

func issueHref(f Frame, id desk.ID) string { return f.Href("/issues/" + id.String()) }
