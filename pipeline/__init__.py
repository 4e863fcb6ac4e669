"""Fristbrev: letters and due dates from a case register kept in Excel."""
