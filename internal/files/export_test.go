package files

// Plain is for tests.
var Plain = plain
