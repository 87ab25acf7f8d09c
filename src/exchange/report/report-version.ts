/**
 * Counts the ways a report was ever rendered. A bundle says which it was written with, and `pawl verify --bundle` renders
 * it again to see that the page says what the data says; so whatever changes a byte of a report changes this number.
 */
export const reportVersion = 1;
