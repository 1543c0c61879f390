package microsoft

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
)

func (s *Server) readState() error {
	if s.config.StateFile == "" {
		return nil
	}
	text, err := os.ReadFile(s.config.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sample of Microsoft: %w", err)
	}
	var kept state
	if err := json.Unmarshal(text, &kept); err != nil {
		return fmt.Errorf("sample of Microsoft: %s: %w", s.config.StateFile, err)
	}
	s.state.Begun = kept.Begun
	maps.Copy(s.state.Consents, kept.Consents)
	return nil
}

// writeState is called with the lock held.
func (s *Server) writeState() error {
	if s.config.StateFile == "" {
		return nil
	}
	text, err := json.MarshalIndent(s.state, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.config.StateFile), 0o755); err != nil {
		return err
	}
	return os.WriteFile(s.config.StateFile, text, 0o600)
}
