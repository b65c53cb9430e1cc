metadata name = 'Action groups'
metadata description = 'Who hears of an alert.'

import { tagSet } from '../../types.bicep'

@description('Required. What names begin with.')
param prefix string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Addresses that get the alerts.')
param emails string[]

resource critical 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${prefix}-critical'
  location: 'Global'
  tags: tags
  properties: {
    groupShortName: 'critical'
    enabled: true
    emailReceivers: [
      for (email, i) in emails: { name: 'email${i}', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource warning 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${prefix}-warning'
  location: 'Global'
  tags: tags
  properties: {
    groupShortName: 'warning'
    enabled: true
    emailReceivers: [
      for (email, i) in emails: { name: 'email${i}', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

@description('For what needs a person now.')
output criticalId string = critical.id

@description('For what can wait until the morning.')
output warningId string = warning.id
