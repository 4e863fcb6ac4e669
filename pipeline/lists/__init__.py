"""What people open in the morning: the overview as a page and a workbook, and each run's dispatch list."""
