// Compiles the header that all test programs share.
