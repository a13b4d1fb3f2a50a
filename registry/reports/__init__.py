"""The official report: one content, written as DOCX, PDF and XLSX.

``content`` asks the same figures as the pages; the writers only lay them out.
"""
