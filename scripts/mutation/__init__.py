"""The proof by mutation: does a change of one digit in the raw files stop the build or the gate?"""
