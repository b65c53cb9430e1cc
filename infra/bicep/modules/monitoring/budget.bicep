metadata name = 'Budget'
metadata description = 'What a month may cost, and who hears when it is nearly spent.'

@description('Required. What names begin with.')
#disable-next-line no-unused-params
param prefix string

@description('Required. Amount of a month, in the currency of the subscription.')
@minValue(1)
#disable-next-line no-unused-params
param amount int

@description('Required. First day of the first month: yyyy-MM-01.')
@minLength(10)
@maxLength(10)
#disable-next-line no-unused-params
param startDate string

@description('Required. Addresses that get the warnings.')
#disable-next-line no-unused-params
param emails string[]

@description('Required. Action groups that get the warnings too.')
#disable-next-line no-unused-params
param actionIds string[]
