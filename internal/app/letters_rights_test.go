package app_test

import "maps"

func init() {
	maps.Copy(open, map[string]string{
		"LettersToStop": "a link in a letter, which says itself for whom it was made", "StopLetters": "the same",
	})
}
