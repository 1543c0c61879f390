package desk

import "time"

// Session is one signed-in browser, as its owner sees it.
type Session struct {
	ID        string // the stored hash of the token, not the token
	Device    string
	Address   string
	Since     time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}
