"""The old book comes in: a court's pending cases with their controls and money, from one workbook."""
