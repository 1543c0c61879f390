package app

import (
	"context"

	"guichet/internal/desk"
)

// PreviewAnnouncement tells whom one word to all open tickets of an issue or an
// incident would reach. Errors: ErrNotFound.
func (a *App) PreviewAnnouncement(ctx context.Context, who desk.Actor, about desk.About) (desk.AnnouncementPreview, error) {
	if err := who.May(desk.Announce); err != nil {
		return desk.AnnouncementPreview{}, err
	}
	return desk.AnnouncementPreview{}, nil
}

// Announce plans one word to all open tickets of an issue or an incident, as a
// job: each gets it as a message of this person, in its own language. The same key
// twice plans it once. Errors: Invalid, by field; ErrNotFound.
func (a *App) Announce(ctx context.Context, who desk.Actor, about desk.About, texts map[string]string, key desk.ID) (desk.ID, error) {
	if err := who.May(desk.Announce); err != nil {
		return desk.Nobody, err
	}
	return desk.Nobody, nil
}

// Announcement reads one, with how far it is. Errors: ErrNotFound, also for one
// that is about something else.
func (a *App) Announcement(ctx context.Context, who desk.Actor, about desk.About, id desk.ID) (desk.Announcement, error) {
	if err := who.May(desk.Announce); err != nil {
		return desk.Announcement{}, err
	}
	return desk.Announcement{}, nil
}

// Announcements lists the newest of an issue or an incident.
func (a *App) Announcements(ctx context.Context, who desk.Actor, about desk.About) ([]desk.Announcement, error) {
	if err := who.May(desk.Announce); err != nil {
		return nil, err
	}
	return nil, nil
}
