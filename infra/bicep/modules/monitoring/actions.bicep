metadata name = 'Action groups'
metadata description = 'Who hears of an alert: of severity 1 the critical group, of all others the warning group.'

import { tagSet } from '../../types.bicep'

@description('A program that is called when an alert fires: a pager, a chat.')
@sealed()
type webhook = {
  @description('Its name.')
  @minLength(1)
  @maxLength(30)
  name: string

  @description('Its address, by https.')
  @minLength(9)
  serviceUri: string

  @description('Which alerts it hears of: critical for those of severity 1 only.')
  hears: 'critical' | 'all'
}

@export()
@description('Programs that are called when an alert fires; an object, because only text and objects are kept secret.')
@secure()
@sealed()
type webhookList = {
  @description('All of them.')
  list: webhook[]
}

@description('Required. What names begin with.')
param prefix string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Addresses that get the alerts.')
param emails string[]

@description('Optional. Programs that are called too. Their addresses may hold a secret.')
param webhooks webhookList?

@description('The programs.')
var hooks = webhooks.?list ?? []

@description('Addresses by mail.')
var emailReceivers = [
  for (email, i) in emails: { name: 'email${i}', emailAddress: email, useCommonAlertSchema: true }
]

resource critical 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${prefix}-critical'
  location: 'Global'
  tags: tags
  properties: {
    groupShortName: 'critical'
    enabled: true
    emailReceivers: emailReceivers
    webhookReceivers: [
      for hook in hooks: { name: hook.name, serviceUri: hook.serviceUri, useCommonAlertSchema: true }
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
    emailReceivers: emailReceivers
    webhookReceivers: [
      for hook in filter(hooks, h => h.hears == 'all'): {
        name: hook.name
        serviceUri: hook.serviceUri
        useCommonAlertSchema: true
      }
    ]
  }
}
