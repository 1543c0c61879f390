package page

import (
	"context"
	"maps"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// Announce is one word to all tickets of an issue or an incident, before it is
// sent: what is typed, whom it reaches, and what each of them reads.
type Announce struct {
	Path     string // of the issue or incident, after the desk
	Incident bool
	Preview  desk.AnnouncementPreview
	Fr, En   string
	Key      desk.ID
	Sample   bool // it is shown as it will be read
	Problems desk.Problems
	Restored bool
	Before   []desk.Announcement
}

// what names the issue or the incident.
func (a Announce) what(ctx context.Context) string {
	if a.Incident {
		return i18n.T(ctx, "announce.of_incident", "Number", a.Preview.Name)
	}
	return shown(a.Preview.Name)
}

// announcement is what is typed, as it would be sent.
func (a Announce) announcement() desk.Announcement {
	texts := map[string]string{}
	if a.Fr != "" {
		texts["fr"] = a.Fr
	}
	if a.En != "" {
		texts["en"] = a.En
	}
	return desk.Announcement{Texts: texts}
}

// languages of those who would read it, sorted.
func (a Announce) languages() []string { return slices.Sorted(maps.Keys(a.Preview.Languages)) }

// Announced is an announcement that is under way, or was sent.
type Announced struct {
	Path         string // of the issue or incident, after the desk
	Announcement desk.Announcement
}

// announcementLook is the colour and sign of a state.
var announcementLook = map[desk.AnnouncementState]struct{ tone, icon string }{
	desk.AnnouncementWaiting: {"", "clock"}, desk.AnnouncementRunning: {"info", "send"}, desk.AnnouncementDone: {"ok", "ok"}, desk.AnnouncementFailed: {"bad", "stop"},
}
