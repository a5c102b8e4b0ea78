"""Lines of a border and what lies near them: geometry that knows no question yet."""
