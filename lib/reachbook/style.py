INK = "#1b1f24"
SOFT = "#57606a"
