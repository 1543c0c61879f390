package page

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// ConnectorPage is one connector with what was typed into its form. Secrets that
// were typed are not in it: they are typed again.
type ConnectorPage struct {
	desk.Connector
	Form     desk.ConnectorForm
	Problems desk.Problems
}

// ConnectorPageOf is the form as the connector stands.
func ConnectorPageOf(c desk.Connector) ConnectorPage {
	return ConnectorPage{Connector: c, Form: desk.ConnectorForm{Kind: c.Kind, Enabled: c.Enabled, Tenant: c.Settings.Tenant, ClientID: c.Settings.ClientID, Revision: c.Revision}}
}

// ProfilePage is the support profile of Partner Center beside what the desk says.
type ProfilePage struct {
	There, Here desk.SupportProfile
	Refusal     *desk.Refusal // why it could not be read
	Changed     bool          // since the person looked
	Problems    desk.Problems
}

func (p ProfilePage) lines() []desk.ProfileLine { return p.There.Compare(p.Here) }

// differs tells whether there is something to write.
func (p ProfilePage) differs() bool { return p.There != p.There.Over(p.Here) }

func connectorHref(f Frame, kind desk.ConnectorKind, more string) string {
	return f.Href("/settings/connectors/" + string(kind) + more)
}

// connectorLook is the state of a connector: tone, sign and the end of its key.
func connectorLook(c desk.Connector) (tone, icon, word string) {
	switch {
	case c.Revision == 0 || !c.Ready():
		return "", "pause", "unset"
	case c.Trouble != "":
		return "bad", "stop", "trouble"
	case !c.Enabled:
		return "", "pause", "off"
	case c.HeardAt == nil:
		return "info", "clock", "untried"
	}
	return "ok", "ok", "on"
}

// connectorNeeds are the sentences on what a connector needs, as many as there are
// of each.
func connectorNeeds(ctx context.Context, kind string, many int) []string {
	list := make([]string, many)
	for i := range list {
		one := kind + "_" + strconv.Itoa(i+1)
		list[i] = i18n.T(ctx, "connectors.needs."+one)
	}
	return list
}

// keptSecret is a field that is written and never read back.
func keptSecret(ctx context.Context, p desk.Problems, name string, since *time.Time) ui.Field {
	f := typed("password", ui.Field{Name: name, Label: i18n.T(ctx, "connectors.kept."+name), Error: problemOf(ctx, p, name), Hint: i18n.T(ctx, "connectors.secret_none"),
		More: templ.Attributes{"autocomplete": "off", "spellcheck": "false"}})
	if since != nil {
		f.Hint = i18n.T(ctx, "connectors.secret_kept", "Day", i18n.From(ctx).Date(*since))
	}
	return f
}
