package page

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Filing is what a person chooses before a connector files an escalation.
type Filing struct {
	Story              desk.EscalationStory
	Services, Problems []desk.RemoteService
	Form               desk.RemoteFiling
	Refusal            *desk.Refusal // why Azure's catalogue could not be read
	Wrong              desk.Problems
}

// remote is the connector that files or reads it; "" for none.
func (e Escalation) remote() desk.ConnectorKind {
	if e.Story.Remote.Connector == "" && e.Story.Portal == "partner_center" && e.filed() {
		if e.Story.Remote.ReadAt == nil {
			return ""
		}
		return desk.PartnerCenter
	}
	return desk.ConnectorKind(e.Story.Remote.Connector)
}

// byConnector tells that the part about connectors has something to say.
func (e Escalation) byConnector() bool {
	return len(e.Story.Connectors) > 0 || e.remote() != "" || e.Story.Remote.Trouble != ""
}

// canFile tells that somebody may have it filed now.
func (e Escalation) canFile() bool {
	return len(e.Story.Connectors) > 0 && e.Story.Remote.Begun == nil && e.files()
}

// saysByConnector tells that what is written here goes into the request.
func (e Escalation) saysByConnector() bool { return e.filed() && e.remote() != "" }

// serviceOptions are a catalogue's entries, with nothing chosen first.
func serviceOptions(ctx context.Context, list []desk.RemoteService) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "connectors.choose")}}
	for _, s := range list {
		options = append(options, ui.Option{Value: s.ID, Text: s.Name})
	}
	return options
}

func (o Filing) field(ctx context.Context, name, value, hint string) ui.Field {
	return required(asked(ctx, o.Wrong, "connectors.filing."+name, value, hint))
}
