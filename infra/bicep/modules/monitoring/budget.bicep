metadata name = 'Budget'
metadata description = 'What a month may cost, and who hears when it is nearly spent. A budget stops nothing.'

@description('Required. What names begin with.')
param prefix string

@description('Required. Amount of a month, in the currency of the subscription.')
@minValue(1)
param amount int

@description('Required. First day of the first month, yyyy-MM-01: the month of the first deployment, and that for ever. Azure refuses a first month that has passed, unless the budget has it already.')
@minLength(10)
@maxLength(10)
param startDate string

@description('Required. Addresses that get the warnings.')
param emails string[]

@description('Required. Action groups that get the warnings too.')
param actionIds string[]

@description('Percent of what was spent that is told.')
var spent = [50, 80, 100]

@description('Percent of what the month is going to cost that is told.')
var expected = [100, 120]

@description('Whom to tell; an empty list of addresses is refused.')
var contacts = union({ contactGroups: actionIds }, empty(emails) ? { contactEmails: [] } : { contactEmails: emails })

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'budget-${prefix}'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: '${startDate}T00:00:00Z' }
    filter: { dimensions: { name: 'ResourceGroupName', operator: 'In', values: [resourceGroup().name] } }
    notifications: union(
      toObject(
        spent,
        percent => 'spent${percent}',
        percent =>
          union(contacts, {
            enabled: true
            operator: 'GreaterThanOrEqualTo'
            threshold: percent
            thresholdType: 'Actual'
          })
      ),
      toObject(
        expected,
        percent => 'expected${percent}',
        percent =>
          union(contacts, {
            enabled: true
            operator: 'GreaterThanOrEqualTo'
            threshold: percent
            thresholdType: 'Forecasted'
          })
      )
    )
  }
}
