package page

import (
	"time"

	"guichet/internal/desk"
)

// Composer is where a reply or a note is written, as typed.
type Composer struct {
	Body     string
	Kind     string // message | note; a customer writes messages only
	Then     string // the state that the desk sets with its reply, "" to leave it
	Files    FilesField
	Problems desk.Problems
	Newer    bool      // the other side has written since the form was shown
	Restored bool      // typed before the session ended, and not sent yet
	Kept     time.Time // when what stands in it was typed, on whatever machine; zero for nothing kept
	Key      desk.ID   // one per form shown
	Seen     desk.ID   // the newest public message that the writer has before him
}
